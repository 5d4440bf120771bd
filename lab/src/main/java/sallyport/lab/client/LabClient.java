package sallyport.lab.client;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.address.Destination;
import sallyport.engine.origin.ClientLinks;
import sallyport.engine.origin.ClientPath;
import sallyport.engine.origin.ClientSet;
import sallyport.engine.origin.Hop;
import sallyport.engine.origin.PathListener;
import sallyport.engine.world.World;
import sallyport.lab.guard.Guards;
import sallyport.lab.guard.KeptGuard;
import sallyport.lab.path.PathChooser;
import sallyport.lab.path.PathRelays;

/// A Tor client: its guards, circuits and streams. Many fit into one process; each lives on one event
/// loop ([#loop]), where all callbacks of its streams run. Nothing is allocated for a cell, and nothing
/// waits in it beyond what windows allow: whoever sends too fast is told to wait by
/// [sallyport.engine.origin.ClientStream#send], and whoever receives too slowly holds the exit back by
/// [StreamUser#owedBytes].
///
/// ```java
/// LabClient client = network.client(ClientSettings.DEFAULT);
/// client.open(Isolation.by("user 7"), Destination.of("www.example", 80), new StreamUser() {
///     public void connected(ClientStream stream) { stream.send(request); }
///     public void data(byte[] array, int offset, int length) { bytes += length; }
///     public void ended(EndReason reason) { done(reason == EndReason.DONE); }
/// });
/// ```
public final class LabClient implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final ClientNetwork network;
    private final EventLoop loop;
    private final FaultCounters faults = new FaultCounters();
    private final ClientLinks links;
    private final @Nullable KeptGuards kept;
    private final Guards guards;
    private final CircuitPool pool;
    private volatile LongConsumer builds = _ -> {};

    LabClient(ClientNetwork network, ClientSettings settings, int loop) {
        this.network = network;
        this.loop = network.loop(loop);
        this.links = network.links(settings.name(), loop, faults);
        World world = network.world();
        this.kept = settings.guardsFile().isEmpty()
                ? null
                : new KeptGuards(world, settings.name(), settings.guardsFile(), this::changedGuards);
        this.guards = new Guards(
                world.entropy(),
                world.clock(),
                world::nanoTime,
                settings.rules().guards(),
                kept == null ? List.of() : kept.begin());
        this.pool = new CircuitPool(
                new Inside(), settings, new PathChooser(world.entropy(), settings.rules(), guards), guards);
    }

    /// Opens a stream to the destination, through an exit that lets it go there. From any thread; the
    /// user hears of it on [#loop], perhaps before this returns where it is called there.
    public void open(Isolation isolation, Destination destination, StreamUser user) {
        take(isolation, destination, null, user);
    }

    /// Asks an exit for the addresses of a name, or for the name of `….in-addr.arpa` or `….ip6.arpa`. The
    /// answer is [StreamUser#resolved]. From any thread.
    public void resolve(Isolation isolation, String name, StreamUser user) {
        take(isolation, null, name, user);
    }

    private void take(Isolation isolation, @Nullable Destination destination, @Nullable String name, StreamUser user) {
        StreamRequest request = new StreamRequest(pool, isolation, destination, name, user);
        if (loop.inEventLoop()) {
            pool.take(request);
        } else {
            loop.execute(() -> pool.take(request));
        }
    }

    /// Where it lives.
    public EventLoop loop() {
        return loop;
    }

    /// Who is told of each circuit that is built, on [#loop], how many nanoseconds that took.
    public void watchBuilds(LongConsumer watcher) {
        builds = watcher;
    }

    /// From any thread.
    public ClientCounts counts() {
        return pool.counts();
    }

    /// What relays did wrong, by kind; each such fault has ended a circuit or a link. From any thread; a
    /// copy.
    public Map<String, Long> faults() {
        return faults.snapshot();
    }

    /// The guards, where they are others than when this was last asked.
    private CompletableFuture<Optional<List<KeptGuard>>> changedGuards() {
        return CompletableFuture.supplyAsync(
                () -> guards.takeChanged() ? Optional.of(guards.kept()) : Optional.empty(), loop);
    }

    /// Ends every stream, circuit and link. From any thread but the loop's.
    @Override
    public void close() {
        network.forget(this);
        if (kept != null) {
            try {
                kept.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        var _ = loop.submit(() -> {
                    pool.close();
                    links.close();
                })
                .awaitUninterruptibly(CLOSE_LIMIT.toMillis());
    }

    /// As its pool sees it.
    private final class Inside implements CircuitPool.Surroundings {
        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public long nanoTime() {
            return network.world().nanoTime();
        }

        @Override
        public PathRelays relays() {
            return network.relays();
        }

        @Override
        public boolean open(List<Hop> path, PathListener listener) {
            return links.open(path, listener);
        }

        @Override
        public SetBuilder.Legs set(Runnable whenOver) {
            ClientSet set = links.set(whenOver);
            return new SetBuilder.Legs() {
                @Override
                public boolean open(List<Hop> path, PathListener listener) {
                    return links.openLeg(set, path, listener);
                }

                @Override
                public ClientPath path() {
                    return set;
                }

                @Override
                public int linked() {
                    return set.legs();
                }
            };
        }

        @Override
        public void circuitBuilt(long nanos) {
            builds.accept(nanos);
        }
    }
}
