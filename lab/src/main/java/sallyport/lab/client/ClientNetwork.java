package sallyport.lab.client;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.cell.CellPool;
import sallyport.engine.directory.Authorities;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.DirectoryFetcher;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.directory.TunnelDirectoryTransport;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.origin.ClientLinks;
import sallyport.engine.origin.LinksMaker;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;
import sallyport.lab.path.PathRelays;
import sallyport.lab.synthetic.MemoryStorage;

/// A Tor network as the clients of this process see it: one directory for all, fetched over the ORPorts
/// of its authorities, and what clients share. Thread-safe.
///
/// ```java
/// try (RealWorld world = new RealWorld(directory, cores, log);
///         ClientNetwork network = ClientNetwork.join(world, authorities, /* testing= */ true)) {
///     network.awaitRelays(Duration.ofMinutes(1));
///     LabClient client = network.client(ClientSettings.DEFAULT);
///     client.open(Isolation.NONE, Destination.of("www.example", 80), user);
/// }
/// ```
public final class ClientNetwork implements AutoCloseable {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    // Once there is a directory, nobody waits for the next one.
    private static final Duration LOOK_INTERVAL_LATER = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    // As C tor: with fewer, paths are too easy to foresee.
    private static final int KNOWN_PERCENT_MIN = 60;

    private final World world;
    private final LinksMaker maker;
    private final DirectoryStore store = new DirectoryStore();
    private final DirectoryFetcher fetcher;
    private final HostLimits limits;
    private final RelayKeys keys;
    private final List<CellPool> pools = new ArrayList<>();
    private final List<LabClient> clients = new ArrayList<>();
    private final ClientLinks directoryLinks;
    private final FaultCounters faults = new FaultCounters();

    private final Tasks.Task reading;
    private volatile PathRelays relays = PathRelays.NONE;
    private int nextLoop;

    private ClientNetwork(World world, List<Authority> authorities, boolean testing, LinksMaker maker)
            throws KeyFileException, IOException {
        this.world = world;
        this.maker = maker;
        this.limits = HostLimits.of(world, 0);
        // No peer ever sees them.
        this.keys = RelayKeys.open(new MemoryStorage(), "client/keys", world.entropy(), world.clock());
        for (EventLoop _ : world.loops().all()) {
            pools.add(new CellPool());
        }
        this.directoryLinks = links("directory", 0, faults);
        this.fetcher = new DirectoryFetcher(
                world,
                new Authorities(authorities),
                store,
                testing,
                new TunnelDirectoryTransport(world, store::index, directoryLinks::directoryTunnel));
        this.reading = world.tasks().start("relays for clients", this::readRelays);
    }

    /// Begins to fetch the directory.
    ///
    /// @param world its loops carry the clients; to be closed after this
    /// @param authorities each with its ORPort
    /// @param testing a private network of C tor's TestingTorNetwork kind
    public static ClientNetwork join(World world, List<Authority> authorities, boolean testing)
            throws KeyFileException, IOException {
        return join(world, authorities, testing, LinksMaker.OVER_TLS);
    }

    /// With links of another kind.
    public static ClientNetwork join(World world, List<Authority> authorities, boolean testing, LinksMaker maker)
            throws KeyFileException, IOException {
        ClientNetwork network = new ClientNetwork(world, authorities, testing, maker);
        network.fetcher.start();
        return network;
    }

    /// A client of its own guards and circuits, on the next loop in turn. It ends with this network at
    /// the latest.
    public synchronized LabClient client(ClientSettings settings) {
        int loop = nextLoop++ % pools.size();
        LabClient client = new LabClient(this, settings, loop);
        clients.add(client);
        return client;
    }

    /// Waits until paths can be chosen: a consensus, and the microdescriptors of most of its relays.
    public void awaitRelays(Duration limit) throws InterruptedException, TimeoutException {
        long begin = world.nanoTime();
        while (relays.all().isEmpty() || 100 * relays.all().size() < KNOWN_PERCENT_MIN * relays.listed()) {
            if (world.nanoTime() - begin > limit.toNanos()) {
                throw new TimeoutException("no usable directory after " + limit.toSeconds() + " s");
            }
            world.tasks().sleep(LOOK_INTERVAL);
        }
    }

    /// The relays as they are now; asks nothing and waits for nothing.
    public PathRelays relays() {
        return relays;
    }

    /// Reads thousands of microdescriptors whenever there are others: nothing for a loop.
    @SuppressWarnings("ReferenceEquality") // each change makes another snapshot
    private void readRelays() throws InterruptedException {
        RelayIndex seen = RelayIndex.EMPTY;
        while (true) {
            RelayIndex now = store.index();
            if (now != seen) {
                seen = now;
                relays = PathRelays.of(store);
            }
            world.tasks().sleep(relays.all().isEmpty() ? LOOK_INTERVAL : LOOK_INTERVAL_LATER);
        }
    }

    /// What authorities did wrong, by kind.
    public FaultCounters directoryFaults() {
        return fetcher.faults();
    }

    World world() {
        return world;
    }

    EventLoop loop(int number) {
        return world.loops().all().get(number);
    }

    /// Links of a new client on that loop.
    ClientLinks links(String name, int loop, FaultCounters of) {
        EventLoop on = loop(loop);
        return new ClientLinks(
                name,
                world,
                on,
                pools.get(loop),
                keys,
                store::parameters,
                store::index,
                limits.open(name, on, of),
                of,
                maker);
    }

    synchronized void forget(LabClient client) {
        clients.remove(client);
    }

    /// Ends every client.
    @Override
    public void close() throws InterruptedException {
        fetcher.stop();
        reading.cancel();
        var _ = reading.join(CLOSE_LIMIT);
        List<LabClient> left;
        synchronized (this) {
            left = List.copyOf(clients);
        }
        left.forEach(LabClient::close);
        var _ = loop(0).submit(directoryLinks::close).await(CLOSE_LIMIT.toMillis());
    }
}
