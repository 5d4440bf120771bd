package sallyport.engine.world;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;

/// A world that can run out of FDs: then every attempt at a new socket ends as Netty's does when the system refuses
/// one, with a future that reports from another thread and a channel that has no loop. Or out of ports: then no
/// connection can leave from the address it would leave from.
public final class ScarceWorld implements WorldOver, Network {
    private final World real;
    // RFC 5737: no machine has it, and the system says EADDRNOTAVAIL as it does when all ports are taken.
    private static final byte[] NOWHERE = {(byte) 192, 0, 2, 77};

    private volatile boolean exhausted;
    private volatile boolean portless;

    public ScarceWorld(World real) {
        this.real = real;
    }

    @Override
    public World real() {
        return real;
    }

    public void exhausted(boolean none) {
        exhausted = none;
    }

    public void portless(boolean none) {
        portless = none;
    }

    private static Bootstrap refused(EventLoop loop, ChannelHandler handler) {
        return new Bootstrap().group(loop).handler(handler).channelFactory(ScarceWorld::noSocket);
    }

    private static Channel noSocket() {
        throw new ChannelException("no FD is left");
    }

    @Override
    public ChannelFuture connect(
            EventLoop loop,
            InetSocketAddress remote,
            @Nullable InetAddress source,
            int timeoutMillis,
            ChannelHandler handler) {
        return exhausted
                ? refused(loop, handler).connect(remote)
                : real.network().connect(loop, remote, portless ? Ip.inet(NOWHERE) : source, timeoutMillis, handler);
    }

    @Override
    public ChannelFuture datagram(EventLoop loop, InetSocketAddress local, ChannelHandler handler) {
        return exhausted ? refused(loop, handler).bind(local) : real.network().datagram(loop, local, handler);
    }

    @Override
    public ChannelFuture listen(EventLoop loop, InetSocketAddress local, ChannelHandler child) {
        return real.network().listen(loop, local, child);
    }

    @Override
    public List<InetSocketAddress> systemResolvers() {
        return real.network().systemResolvers();
    }

    @Override
    public List<InetAddress> interfaceAddresses() {
        return real.network().interfaceAddresses();
    }

    @Override
    public ByteConnection open(InetSocketAddress remote, @Nullable InetAddress source, Duration timeout)
            throws IOException {
        return real.network().open(remote, source, timeout);
    }

    @Override
    public Network network() {
        return this;
    }
}
