package sallyport.lab.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;

/// A TCP connection as a stream. It is open once [Opened] comes as a user event from whoever negotiates
/// before it, who may send [Refused] instead.
final class NioStream extends ChannelInboundHandlerAdapter implements StreamOpener.Stream {
    private static final int CONNECT_MILLIS_MAX = 10_000;

    private final Channel channel;
    private final StreamOpener.Receiver receiver;
    private boolean over;

    /// What was asked for is granted.
    record Opened() {}

    /// What was asked for is not.
    ///
    /// @param reason fit to count by
    record Refused(String reason) {}

    private NioStream(Channel channel, StreamOpener.Receiver receiver) {
        this.channel = channel;
        this.receiver = receiver;
    }

    /// Dials a server that is spoken to at once.
    static void open(EventLoop loop, InetSocketAddress server, StreamOpener.Receiver receiver) {
        open(loop, server, receiver, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext context) {
                context.fireUserEventTriggered(new Opened());
            }
        });
    }

    /// Dials a server with which the handler negotiates first.
    static void open(EventLoop loop, InetSocketAddress peer, StreamOpener.Receiver receiver, ChannelHandler before) {
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(before, new NioStream(channel, receiver));
                    }
                })
                .connect(peer)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        receiver.ended("no connection");
                    }
                });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Opened) {
            receiver.opened(this);
        } else if (event instanceof Refused(String reason)) {
            end(reason);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!over) {
                receiver.data(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!over && channel.isWritable()) {
            receiver.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("closed early");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end("connection broke");
    }

    @Override
    public void write(ByteBuf bytes) {
        var _ = channel.writeAndFlush(bytes, channel.voidPromise());
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void close() {
        over = true;
        var _ = channel.close();
    }

    private void end(String reason) {
        if (!over) {
            over = true;
            var _ = channel.close();
            receiver.ended(reason);
        }
    }
}
