package sallyport.lab.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The far end of a load: answers each request of so many bytes with as many as it asks for, at little
/// cost.
///
/// A request is a head of twelve bytes (magic, bytes up, bytes down, each a big-endian int) and the bytes
/// up. Requests follow each other over one connection. Whoever sends something else is cut off.
public final class LoadServer implements AutoCloseable {
    /// What the names of its threads begin with.
    static final String THREAD = "far-end";

    static final int HEAD_BYTES = 12;
    static final int MAGIC = 0x4C4F4144;
    private static final int BACKLOG = 4_096;
    private static final int EXCHANGE_BYTES_MAX = 1 << 30;
    private static final int WAITING_MAX = 64;

    private final MultiThreadIoEventLoopGroup loop;
    private final Channel listener;

    private LoadServer(MultiThreadIoEventLoopGroup loop, Channel listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /// Listens on the address and port; 0 lets the system choose.
    public static LoadServer start(InetSocketAddress address) throws InterruptedException {
        var loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(THREAD, true), NioIoHandler.newFactory());
        try {
            Channel listener = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new Requests(), new Answers());
                        }
                    })
                    .bind(address)
                    .sync()
                    .channel();
            return new LoadServer(loop, listener);
        } catch (InterruptedException | RuntimeException e) {
            var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void close() {
        var _ = listener.close();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /// Reads requests and passes on how many bytes each wants back.
    private static final class Requests extends ByteToMessageDecoder {
        private long body;
        private int wanted = -1;

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            while (in.isReadable() || body == 0) {
                if (wanted < 0) {
                    if (in.readableBytes() < HEAD_BYTES) {
                        return;
                    }
                    if (in.readInt() != MAGIC) {
                        var _ = context.close();
                        in.skipBytes(in.readableBytes());
                        return;
                    }
                    body = in.readInt();
                    wanted = in.readInt();
                    if (body < 0 || body > EXCHANGE_BYTES_MAX || wanted < 1 || wanted > EXCHANGE_BYTES_MAX) {
                        var _ = context.close();
                        in.skipBytes(in.readableBytes());
                        return;
                    }
                }
                int here = (int) Math.min(body, in.readableBytes());
                in.skipBytes(here);
                body -= here;
                if (body > 0) {
                    return;
                }
                out.add(wanted);
                wanted = -1;
            }
        }
    }

    /// Sends what was asked for, no faster than it is taken.
    private static final class Answers extends ChannelInboundHandlerAdapter {
        private final Deque<Integer> waiting = new ArrayDeque<>();
        private int sent;

        @Override
        public void channelRead(ChannelHandlerContext context, Object wanted) {
            waiting.add((Integer) wanted);
            // Who asks without taking the answers is not read any more.
            context.channel().config().setAutoRead(waiting.size() < WAITING_MAX);
            send(context);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            send(context);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }

        private void send(ChannelHandlerContext context) {
            boolean wrote = false;
            while (context.channel().isWritable() && !waiting.isEmpty()) {
                int wanted = waiting.element();
                ByteBuf piece = Pattern.piece(sent, wanted - sent);
                sent += piece.readableBytes();
                var _ = context.write(piece, context.voidPromise());
                wrote = true;
                if (sent == wanted) {
                    waiting.remove();
                    sent = 0;
                    context.channel().config().setAutoRead(true);
                }
            }
            if (wrote) {
                context.flush();
            }
        }
    }
}
