package sallyport.engine.world;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A network all of whose doors are shut, as those of a [ClosedWorld] are.
public interface ClosedNetwork extends Network {
    @Override
    default ChannelFuture listen(EventLoop loop, InetSocketAddress local, ChannelHandler child) {
        throw ClosedWorld.shut("listeners");
    }

    @Override
    default ChannelFuture connect(
            EventLoop loop,
            InetSocketAddress remote,
            @Nullable InetAddress source,
            int timeoutMillis,
            ChannelHandler handler) {
        throw ClosedWorld.shut("connections");
    }

    @Override
    default ChannelFuture datagram(EventLoop loop, InetSocketAddress local, ChannelHandler handler) {
        throw ClosedWorld.shut("datagrams");
    }

    @Override
    default List<InetSocketAddress> systemResolvers() {
        throw ClosedWorld.shut("resolvers");
    }

    @Override
    default List<InetAddress> interfaceAddresses() {
        throw ClosedWorld.shut("interfaces");
    }

    @Override
    default ByteConnection open(InetSocketAddress remote, @Nullable InetAddress source, Duration timeout) {
        throw ClosedWorld.shut("blocking connections");
    }
}
