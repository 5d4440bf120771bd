package sallyport.engine.world;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sockets. Failures arrive in the future; a native error keeps its errno
/// (`io.netty.channel.unix.Errors.NativeIoException`).
public interface Network {
    /// Listens on `local`; `child` initializes each accepted connection, which lives on `loop`.
    ChannelFuture listen(EventLoop loop, InetSocketAddress local, ChannelHandler child);

    /// Opens a TCP connection on `loop`, from `source` where given (for every target, loopback included).
    /// TCP_NODELAY is set; `handler` may change the channel's configuration when it is added.
    ChannelFuture connect(
            EventLoop loop,
            InetSocketAddress remote,
            @Nullable InetAddress source,
            int timeoutMillis,
            ChannelHandler handler);

    /// Opens a UDP socket on `loop`.
    ChannelFuture datagram(EventLoop loop, InetSocketAddress local, ChannelHandler handler);

    /// The name servers of this system, in its order; the loopback's where it names none. Reads a file: never on a
    /// loop.
    List<InetSocketAddress> systemResolvers();

    /// Every address of every interface of this host that is up. Asks the system: never on a loop.
    List<InetAddress> interfaceAddresses();

    /// A blocking connection for control tasks (never on a loop); every read times out after `timeout`.
    ByteConnection open(InetSocketAddress remote, @Nullable InetAddress source, Duration timeout) throws IOException;

    /// Two streams of bytes; closing closes both.
    interface ByteConnection extends Closeable {
        InputStream in() throws IOException;

        OutputStream out() throws IOException;
    }
}
