package sallyport.engine.sim;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Network;

/// A connection of a control task: reads and writes wait as on a socket, in virtual time. Who is
/// cancelled meanwhile finds it closed, as with a socket of a virtual thread.
final class SimConnection extends SimpleChannelInboundHandler<ByteBuf> implements Network.ByteConnection {
    private final SimTasks tasks;
    private final Duration timeout;
    private final Queue<byte[]> arrived = new ArrayDeque<>();
    private CompletableFuture<Void> news = new CompletableFuture<>();
    private ByteArrayInputStream current = new ByteArrayInputStream(new byte[0]);
    private boolean ended;
    private @Nullable IOException broken;
    private @Nullable Channel channel;

    private SimConnection(SimTasks tasks, Duration timeout) {
        this.tasks = tasks;
        this.timeout = timeout;
    }

    static SimConnection open(
            SimTasks tasks,
            SimNetwork network,
            InetSocketAddress remote,
            @Nullable InetAddress source,
            Duration timeout)
            throws IOException {
        SimConnection connection = new SimConnection(tasks, timeout);
        ChannelFuture connecting = network.connect(tasks.loop(), remote, source, (int) timeout.toMillis(), connection);
        connection.channel = connecting.channel();
        try {
            connection.await(connecting, "connect timed out");
        } catch (IOException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        arrived.add(copy);
        news.complete(null);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        news.complete(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        broken = cause instanceof IOException io ? io : new IOException(cause);
        news.complete(null);
    }

    @Override
    public InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return fill() ? current.read() : -1;
            }

            @Override
            public int read(byte[] out, int offset, int length) throws IOException {
                return length == 0 ? 0 : fill() ? current.read(out, offset, length) : -1;
            }

            @Override
            public int available() {
                return current.available();
            }
        };
    }

    @Override
    public OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Channel to = opened();
                await(to.writeAndFlush(to.alloc().buffer(length).writeBytes(bytes, offset, length)), "write");
            }
        };
    }

    @Override
    public void close() {
        var _ = opened().close();
    }

    private Channel opened() {
        Channel now = channel;
        if (now == null) {
            throw new AssertionError("not opened");
        }
        return now;
    }

    /// Whether there is something to read; false at the end.
    private boolean fill() throws IOException {
        while (current.available() == 0) {
            byte[] next = arrived.poll();
            if (next != null) {
                current = new ByteArrayInputStream(next);
            } else if (broken != null) {
                throw new IOException(broken.getMessage(), broken);
            } else if (ended) {
                return false;
            } else {
                news = new CompletableFuture<>();
                await(news, "Read timed out");
            }
        }
        return true;
    }

    private void await(ChannelFuture future, String what) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        future.addListener(it -> done.complete(null));
        await(done, what);
        if (!future.isSuccess()) {
            throw new SocketException(String.valueOf(future.cause().getMessage()));
        }
    }

    private void await(CompletableFuture<Void> done, String what) throws IOException {
        SimTask task = tasks.running();
        try {
            if (!task.waitFor(done, timeout)) {
                throw new SocketTimeoutException(what);
            }
        } catch (InterruptedException e) {
            task.stayCancelled();
            close();
            throw new SocketException("Closed by interrupt");
        }
    }
}
