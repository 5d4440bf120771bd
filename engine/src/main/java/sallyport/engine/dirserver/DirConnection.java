package sallyport.engine.dirserver;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.exit.ExitFailure;
import sallyport.engine.exit.FarEnd;
import sallyport.engine.stream.DirClient;

/// One connection to a DirPort. The answer is taken as fast as the socket takes it. Runs on the server's
/// loop.
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as the end of the channel
final class DirConnection extends ChannelInboundHandlerAdapter implements FarEnd.Events {
    private final DirServer server;
    private final Channel channel;
    private final Consumer<DirConnection> whenClosed;
    private @Nullable FarEnd conversation;
    private boolean ended;
    private boolean isPumping;

    /// @param whenClosed hears of its end, once
    DirConnection(DirServer server, Channel channel, Consumer<DirConnection> whenClosed) {
        this.server = server;
        this.channel = channel;
        this.whenClosed = whenClosed;
    }

    void close() {
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // No relay stands between.
        DirClient client = new DirClient(true, ClientAddress.of((InetSocketAddress) channel.remoteAddress()));
        conversation = server.open(client, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            FarEnd to = conversation;
            if (to != null && !ended) {
                byte[] copy = ByteBufUtil.getBytes(bytes);
                to.write(copy, 0, copy.length);
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        pump();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        FarEnd from = conversation;
        conversation = null;
        if (from != null) {
            from.close();
        }
        whenClosed.accept(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void onConnected() {
        // The client speaks first.
    }

    @Override
    public void onInput() {
        pump();
    }

    @Override
    public void onWritten(int bytes) {
        // A conversation takes everything at once.
    }

    @Override
    public void onEnd() {
        ended = true;
        pump();
    }

    @Override
    public void onFailure(ExitFailure why) {
        channel.close();
    }

    /// Each piece that is taken may bring the next one while we are here.
    private void pump() {
        FarEnd from = conversation;
        if (isPumping || from == null) {
            return;
        }
        isPumping = true;
        ByteBuf piece = piece(from);
        while (piece != null && channel.isWritable()) {
            channel.write(channel.alloc().buffer(piece.readableBytes()).writeBytes(piece));
            from.inputTaken();
            piece = piece(from);
        }
        isPumping = false;
        if (ended && piece == null) {
            channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        } else {
            channel.flush();
        }
    }

    private @Nullable ByteBuf piece(FarEnd from) {
        if (from.input() == null && !ended) {
            from.read();
        }
        return from.input();
    }
}
