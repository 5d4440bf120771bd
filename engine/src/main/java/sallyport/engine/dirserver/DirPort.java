package sallyport.engine.dirserver;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.world.World;

/// A DirPort: the conversations of a [DirServer] over plain TCP, one a connection (dir-spec "Standards
/// compliance"). Authorities have one. Control tasks open and close it; the rest happens on the server's
/// loop.
@SuppressWarnings("FutureReturnValueIgnored") // a connection that does not close ends with its client
public final class DirPort {
    /// Ours: open connections; those beyond are closed at once.
    public static final int CONNECTIONS_MAX = 1024;

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final World world;
    private final DirServer server;
    private final Channel listener;
    // On the loop.
    private final Set<DirConnection> open = new HashSet<>();

    private DirPort(World world, InetSocketAddress local, DirServer server) throws IOException, InterruptedException {
        this.world = world;
        this.server = server;
        ChannelFuture bound = world.network().listen(server.loop(), local, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                accept(channel);
            }
        });
        this.listener = bound.channel();
        await(bound, "cannot listen on " + local);
    }

    /// Returns when it listens.
    public static DirPort listen(World world, InetSocketAddress local, DirServer server)
            throws IOException, InterruptedException {
        return new DirPort(world, local, server);
    }

    /// Closes the port and its connections.
    public void close() throws IOException, InterruptedException {
        await(listener.close(), "a DirPort does not close");
        CompletableFuture<Void> closed = new CompletableFuture<>();
        server.loop().execute(() -> {
            List.copyOf(open).forEach(DirConnection::close);
            closed.complete(null);
        });
        await(closed, "connections of a DirPort do not close");
    }

    private void accept(Channel channel) {
        if (open.size() >= CONNECTIONS_MAX) {
            server.faults().count("directory connection beyond the limit");
            channel.close();
            return;
        }
        DirConnection connection = new DirConnection(server, channel, open::remove);
        open.add(connection);
        channel.pipeline().addLast(connection);
    }

    private void await(ChannelFuture future, String complaint) throws IOException, InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        future.addListener(result -> {
            if (result.isSuccess()) {
                done.complete(null);
            } else {
                done.completeExceptionally(result.cause());
            }
        });
        await(done, complaint);
    }

    private void await(CompletableFuture<Void> done, String complaint) throws IOException, InterruptedException {
        try {
            world.tasks().await(done, LIMIT);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(complaint, e);
        }
    }
}
