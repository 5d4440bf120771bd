package sallyport.engine.world;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Netty's epoll sockets, or NIO where epoll is missing; plain blocking sockets for control tasks.
final class RealNetwork implements Network {
    // Ours: a burst of reconnecting clients after a restart fits; C tor listens with the system's maximum.
    private static final int LISTEN_BACKLOG = 4096;
    private static final boolean EPOLL = Epoll.isAvailable();

    @Override
    public ChannelFuture listen(EventLoop loop, InetSocketAddress local, ChannelHandler child) {
        return new ServerBootstrap()
                .group(loop, loop)
                .channel(EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, LISTEN_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(child)
                .bind(local);
    }

    @Override
    public ChannelFuture connect(
            EventLoop loop,
            InetSocketAddress remote,
            @Nullable InetAddress source,
            int timeoutMillis,
            ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(handler);
        if (source == null) {
            return bootstrap.connect(remote);
        }
        if (EPOLL) {
            // The kernel then picks the port at connect time, per destination, instead of one port for all of them.
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        return bootstrap.connect(remote, new InetSocketAddress(source, 0));
    }

    @Override
    public ChannelFuture datagram(EventLoop loop, InetSocketAddress local, ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channel(EPOLL ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .handler(handler)
                .bind(local);
    }

    @Override
    public List<InetSocketAddress> systemResolvers() {
        return SystemResolvers.read(SystemResolvers.FILE);
    }

    @Override
    public ByteConnection open(InetSocketAddress remote, @Nullable InetAddress source, Duration timeout)
            throws IOException {
        Socket socket = new Socket();
        try {
            if (source != null) {
                socket.bind(new InetSocketAddress(source, 0));
            }
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(remote, (int) timeout.toMillis());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new SocketConnection(socket);
    }

    private record SocketConnection(Socket socket) implements ByteConnection {
        @Override
        public InputStream in() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream out() throws IOException {
            return socket.getOutputStream();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
