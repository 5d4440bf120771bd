package sallyport.lab.socks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.World;
import sallyport.lab.client.LabClient;

/// A SOCKS5 port of one client. Nothing of what applications ask for is logged or kept.
public final class SocksPort implements AutoCloseable {
    /// Ours: connections of applications at a time; those beyond are closed at once.
    public static final int CONNECTIONS_MAX = 4096;

    private static final Duration OPEN_LIMIT = Duration.ofSeconds(5);

    private final World world;
    private final LabClient client;
    private final LongAdder refused = new LongAdder();
    // On the client's loop.
    private final Set<SocksConnection> open = new HashSet<>();
    private @Nullable Channel listener;

    private SocksPort(World world, LabClient client) {
        this.world = world;
        this.client = client;
    }

    /// Listens. Not from an event loop.
    ///
    /// @param local port 0: any free one
    public static SocksPort listen(World world, LabClient client, InetSocketAddress local) throws IOException {
        SocksPort port = new SocksPort(world, client);
        ChannelFuture bound = world.network().listen(client.loop(), local, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                port.accept(channel);
            }
        });
        if (!bound.awaitUninterruptibly(OPEN_LIMIT.toMillis()) || !bound.isSuccess()) {
            throw new IOException("no SOCKS port at " + local, bound.cause());
        }
        port.listener = bound.channel();
        return port;
    }

    /// Where it listens.
    public InetSocketAddress address() {
        Channel on = listener;
        if (on == null) {
            throw new IllegalStateException("not listening");
        }
        return (InetSocketAddress) on.localAddress();
    }

    /// Connections that were closed because there were too many, or because they did not speak SOCKS5.
    public long refused() {
        return refused.sum();
    }

    /// Closes the port and its connections; their streams end. Not from an event loop.
    @Override
    public void close() {
        Channel on = listener;
        if (on != null) {
            on.close().awaitUninterruptibly(OPEN_LIMIT.toMillis());
        }
        var _ = client.loop()
                .submit(() -> List.copyOf(open).forEach(SocksConnection::close))
                .awaitUninterruptibly(OPEN_LIMIT.toMillis());
    }

    private void accept(Channel channel) {
        if (open.size() >= CONNECTIONS_MAX) {
            refused.increment();
            var _ = channel.close();
            return;
        }
        SocksConnection connection = new SocksConnection(this, channel);
        open.add(connection);
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(connection);
    }

    LabClient client() {
        return client;
    }

    /// Runs once this turn of the loop is over.
    void afterTurn(Runnable work) {
        world.loops().afterTurn(client.loop(), work);
    }

    /// Somebody spoke something else.
    void countRefused() {
        refused.increment();
    }

    void forget(SocksConnection connection) {
        open.remove(connection);
    }
}
