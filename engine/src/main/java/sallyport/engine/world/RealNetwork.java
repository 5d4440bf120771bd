package sallyport.engine.world;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Netty's epoll sockets, or NIO where epoll is missing; plain blocking sockets for control tasks.
final class RealNetwork implements Network {
    // Ours: a burst of reconnecting clients after a restart fits; C tor listens with the system's maximum.
    private static final int LISTEN_BACKLOG = 4096;
    private static final boolean EPOLL = Epoll.isAvailable();
    // Linux: the level IPPROTO_IPV6 and its option IPV6_V6ONLY.
    private static final IntegerUnixChannelOption IPV6_ONLY = new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

    @Override
    public ChannelFuture listen(EventLoop loop, InetSocketAddress local, ChannelHandler child) {
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (EPOLL && isIpv6(local)) {
            // [::] would take IPv4 too, which is for whoever listens on 0.0.0.0.
            bootstrap.option(IPV6_ONLY, 1);
        }
        return bootstrap
                .group(loop, loop)
                .channelFactory(EPOLL ? () -> epollServer(local) : NioServerSocketChannel::new)
                .option(ChannelOption.SO_BACKLOG, LISTEN_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(child)
                .bind(local);
    }

    /// A socket of the address' own family: one of IPv6 would make 0.0.0.0 all addresses of both.
    private static ServerChannel epollServer(InetSocketAddress local) {
        return new EpollServerSocketChannel(isIpv6(local) ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
    }

    private static boolean isIpv6(InetSocketAddress local) {
        return local.getAddress() instanceof Inet6Address;
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
    public List<InetAddress> interfaceAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(RealNetwork::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException e) {
            return false;
        }
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
