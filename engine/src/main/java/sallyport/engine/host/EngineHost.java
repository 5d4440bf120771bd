package sallyport.engine.host;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.CellPool;
import sallyport.engine.dircache.DirectoryCache;
import sallyport.engine.directory.Authorities;
import sallyport.engine.directory.ConsensusListener;
import sallyport.engine.directory.DirectoryFetcher;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.directory.DirectoryUploader;
import sallyport.engine.directory.EitherDirectoryTransport;
import sallyport.engine.directory.HttpDirectoryTransport;
import sallyport.engine.directory.TunnelDirectoryTransport;
import sallyport.engine.dirserver.DirRoutes;
import sallyport.engine.instance.FamilyRegister;
import sallyport.engine.instance.HouseRules;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.instance.NameServers;
import sallyport.engine.instance.OwnAddresses;
import sallyport.engine.instance.RelayInstance;
import sallyport.engine.instance.Surroundings;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.limits.Sharing;
import sallyport.engine.limits.Turns;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.engine.origin.DirectoryTunnel;
import sallyport.engine.origin.LinksMaker;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.Workers;
import sallyport.engine.world.World;

/// All relays of one process, and what they share: the loops, their cells and one directory. Called from
/// control tasks; calls exclude each other.
public final class EngineHost {
    // A cancelled start ends at its next wait; until then it may have to finish making an RSA key.
    private static final Duration START_END_LIMIT = Duration.ofSeconds(10);

    // How soon the end of the last circuit is noticed.
    private static final Duration DRAIN_LOOK_INTERVAL = Duration.ofMillis(500);

    // Ours: a loop's turn takes milliseconds; who waits longer has a loop that hangs.
    private static final Duration REPORT_LIMIT = Duration.ofSeconds(2);

    private static final int MIB_SHIFT = 20;

    private final World world;
    private final NetworkSpec network;
    private final LinksMaker links;
    private final DirectoryStore directory;
    private final DirectoryCache cache;
    private final DirectoryFetcher fetcher;
    private final DirectoryUploader uploader;
    private final NameServers nameServers;
    private final FamilyRegister families = new FamilyRegister();
    private final OwnAddresses addresses = new OwnAddresses();
    private final HostLimits limits;
    private final Turns starts;
    private final Turns selfTests;
    private final List<CellPool> pools = new ArrayList<>();
    // Changed under our lock; the directory looks at it without.
    private final Map<String, Placed> relays = Collections.synchronizedMap(new LinkedHashMap<>());
    private Tasks.@Nullable Task nameServerChecks;
    private HijackDetection detection;
    private volatile Sharing sharing;
    private volatile HouseRules rules;
    private volatile ConsensusListener follower = (_, _) -> {};

    /// A relay, the loop it lives on, and its turn to start.
    private record Placed(RelayInstance relay, int loop, Turns.Turn turn, Tasks.Task starting) {}

    public EngineHost(World world, NetworkSpec network, ProcessSpec process) {
        this(world, network, process, new DirRoutes());
    }

    /// @param before what its relays answer to directory requests, but for the consensus, otherwise than
    /// from what the directory holds
    public EngineHost(World world, NetworkSpec network, ProcessSpec process, DirRoutes before) {
        this(world, network, process, before, LinksMaker.OVER_TLS);
    }

    /// With links of another kind.
    public EngineHost(World world, NetworkSpec network, ProcessSpec process, DirRoutes before, LinksMaker links) {
        this.world = world;
        this.links = links;
        this.network = network;
        Authorities authorities = new Authorities(network.authorities(), network.fallbacks());
        this.directory = new DirectoryStore();
        directory.ownParameters(process.ownParameters());
        this.rules = process.rules();
        this.nameServers = new NameServers(
                world, servers(process.resolver()), process.resolver().randomCase(), directory);
        this.detection = process.resolver().hijackDetection();
        this.cache = new DirectoryCache(world, directory, before, process.directoryCacheMaxBytes());
        this.fetcher = new DirectoryFetcher(
                world,
                authorities,
                directory,
                network.testing(),
                new EitherDirectoryTransport(
                        world,
                        new HttpDirectoryTransport(world),
                        new TunnelDirectoryTransport(world, directory::index, this::anyTunnel)),
                this::believed);
        this.uploader = new DirectoryUploader(world, authorities);
        this.limits = HostLimits.of(world, process.memoryInQueuesMaxBytes());
        this.sharing = process.sharing();
        this.starts = new Turns(process.startsAtOnce());
        this.selfTests = new Turns(process.startsAtOnce());
        for (EventLoop _ : world.loops().all()) {
            pools.add(new CellPool());
        }
    }

    /// Starts the directory; relays follow by [#start].
    public synchronized void open() {
        directory.whenReplaced(this::lookAtConsensus);
        world.log()
                .info(
                        "",
                        "limits: " + (limits.memory().limitBytes() >> MIB_SHIFT) + " MiB in queues, "
                                + limits.fds().total() + " links and exit connections, "
                                + limits.circuits().total() + " circuits");
        limits.follow(sharing);
        fetcher.start();
        startNameServerChecks();
    }

    private void startNameServerChecks() {
        if (detection.enabled()) {
            nameServerChecks =
                    nameServers.startChecks(detection.names(), network.testing(), this::letsOut, this::stopExiting);
        }
    }

    private List<InetSocketAddress> servers(ResolverSpec resolver) {
        return resolver.servers().isEmpty() ? world.network().systemResolvers() : resolver.servers();
    }

    /// Takes no lock: a stop waits for the fetcher, whose task this is.
    private void lookAtConsensus() {
        List.copyOf(relays.values()).forEach(placed -> placed.relay().lookAtConsensus());
    }

    private synchronized boolean letsOut() {
        return relays.values().stream().anyMatch(placed -> placed.relay().letsOut());
    }

    private synchronized void stopExiting() {
        relays.values().forEach(placed -> placed.relay().stopExiting());
    }

    /// Starts one relay in a task of its own when it is its turn, on the loop with the fewest relays. Its
    /// failure touches no other relay.
    public synchronized void start(InstanceSpec spec) {
        if (relays.containsKey(spec.id())) {
            throw new IllegalStateException("relay " + spec.id() + " is there already");
        }
        relays.put(spec.id(), place(spec));
    }

    private Placed place(InstanceSpec spec) {
        int loop = leastUsedLoop();
        RelayInstance relay = new RelayInstance(
                spec,
                new Surroundings(
                        world,
                        world.loops().all().get(loop),
                        pools.get(loop),
                        directory,
                        cache,
                        uploader,
                        families,
                        addresses,
                        limits,
                        network.testing(),
                        nameServers,
                        selfTests,
                        () -> rules,
                        links));
        // Here, not in the task: the order is that of the configuration.
        Turns.Turn turn = starts.ask();
        Tasks.Task starting = world.tasks().start("start of " + spec.id(), () -> start(relay, turn));
        return new Placed(relay, loop, turn, starting);
    }

    private void start(RelayInstance relay, Turns.Turn turn) throws InterruptedException {
        starts.await(turn, world.tasks());
        try {
            relay.start();
        } finally {
            starts.leave();
        }
    }

    /// Makes a running relay follow a changed spec as far as that cuts no stream. An address that cannot
    /// be listened on stays in `waitingForRestart`, and the log says why.
    public synchronized UpdateOutcome update(InstanceSpec next) throws InterruptedException {
        RelayInstance relay = placed(next.id()).relay();
        InstanceSpec before = relay.spec();
        relay.apply(next.dialingAs(before));
        InstanceSpec now = relay.spec();
        return new UpdateOutcome(Differences.between(before, now), Differences.between(now, next), now);
    }

    /// Follows a changed spec of the process, its memory excepted: that of the start stays. The system's
    /// name servers are looked up again, and its addresses.
    public synchronized void update(ProcessSpec process) {
        rules = process.rules();
        follow(process.sharing());
        relays.values().forEach(placed -> placed.relay().followInterfaces());
        directory.ownParameters(process.ownParameters());
        nameServers.replace(servers(process.resolver()), process.resolver().randomCase());
        if (!detection.equals(process.resolver().hijackDetection())) {
            detection = process.resolver().hijackDetection();
            if (nameServerChecks != null) {
                nameServerChecks.cancel();
                nameServerChecks = null;
            }
            startNameServerChecks();
        }
    }

    private void follow(Sharing next) {
        boolean promiseChanges = !next.bandwidth().equals(sharing.bandwidth());
        sharing = next;
        limits.follow(next);
        if (promiseChanges) {
            relays.values().forEach(placed -> placed.relay().bandwidthChanged());
        }
    }

    /// Looks at every relay's key files again.
    public synchronized void reloadKeys() {
        relays.values().forEach(placed -> placed.relay().reloadKeys());
    }

    /// Starts a relay anew that is over, and has one that drains go on as if it had not.
    ///
    /// @throws Refused where it runs
    public synchronized void start(String id) throws InterruptedException, Refused {
        Placed placed = placed(id);
        InstanceState state = placed.relay().status().state();
        if (state instanceof InstanceState.Draining) {
            placed.relay().resume();
        } else if (state.isOver()) {
            startAgain(placed);
        } else {
            throw new Refused("it runs already: " + state.word());
        }
    }

    private void startAgain(Placed over) throws InterruptedException {
        over.starting().join(START_END_LIMIT);
        InstanceSpec spec = over.relay().spec();
        // In place, so that the order stays.
        relays.put(spec.id(), place(spec));
    }

    /// Has one relay take nothing new, and stops it once its circuits have ended, after `limit` at the
    /// latest. Returns at once. Where it drains already, the new limit holds.
    ///
    /// @throws Refused where it is over
    public synchronized void drain(String id, Duration limit) throws Refused, InterruptedException {
        end(id, limit, false);
    }

    /// The same, and starts it anew when it has stopped; one that is over is started at once.
    public synchronized void restart(String id, Duration limit) throws InterruptedException {
        Placed placed = placed(id);
        try {
            end(id, limit, true);
        } catch (Refused over) {
            startAgain(placed);
        }
    }

    private void end(String id, Duration limit, boolean again) throws Refused, InterruptedException {
        Placed placed = placed(id);
        Instant until = world.clock().instant().plus(limit);
        if (placed.relay().status().state().isOver()) {
            throw new Refused(
                    "it does not run: " + placed.relay().status().state().word());
        }
        if (placed.relay().drain(until)) {
            world.tasks().start("drain of " + id, () -> awaitDrained(placed, until, limit, again));
            return;
        }
        // It has not begun to work, so there is nothing to wait for.
        stopStarting(id, placed);
        if (again) {
            startAgain(placed);
        }
    }

    private void awaitDrained(Placed placed, Instant until, Duration limit, boolean again) throws InterruptedException {
        RelayInstance relay = placed.relay();
        InstanceState awaited = new InstanceState.Draining(until);
        long begin = world.nanoTime();
        InstanceStatus status = relay.status();
        while (status.state().equals(awaited)
                && status.openCircuits() > 0
                && world.nanoTime() - begin < limit.toNanos()) {
            world.tasks().sleep(DRAIN_LOOK_INTERVAL);
            status = relay.status();
        }
        synchronized (this) {
            // Unless somebody thought better of it meanwhile.
            if (relay.status().state().equals(awaited)) {
                relay.stop();
                if (again && placed.equals(relays.get(relay.spec().id()))) {
                    startAgain(placed);
                }
            }
        }
    }

    /// Stops one relay; it can be started again.
    ///
    /// @throws Refused where it is over
    public synchronized void stop(String id) throws InterruptedException, Refused {
        Placed placed = placed(id);
        InstanceState state = placed.relay().status().state();
        if (state.isOver()) {
            throw new Refused("it does not run: " + state.word());
        }
        stopStarting(id, placed);
    }

    /// Stops one relay and forgets it; its keys stay on the disk.
    public synchronized void remove(String id) throws InterruptedException {
        Placed placed = placed(id);
        relays.remove(id);
        stopStarting(id, placed);
    }

    /// A start that went on after the stop would open what nobody closes.
    private void stopStarting(String id, Placed placed) throws InterruptedException {
        placed.starting().cancel();
        if (!placed.starting().join(START_END_LIMIT)) {
            world.log().error(id, "its start did not end in time");
        }
        placed.relay().stop();
    }

    /// In the order they were started. Takes no lock: it answers while a relay is being stopped.
    public List<InstanceStatus> status() {
        Map<Turns.Turn, Integer> places = starts.places();
        return List.copyOf(relays.values()).stream()
                .map(placed -> {
                    InstanceStatus status = placed.relay().status();
                    Integer place = places.get(placed.turn());
                    return place == null || status.state().isOver() ? status : status.waitingAt(place);
                })
                .toList();
    }

    /// What every relay is, holds and counts, in the order they were started. Takes no lock; waits for
    /// the loops, but not long: a relay whose loop does not answer is reported without what only its loop
    /// knows.
    public List<InstanceReport> reports() throws InterruptedException {
        Map<Turns.Turn, Integer> places = starts.places();
        List<CompletableFuture<InstanceReport>> asked = new ArrayList<>();
        for (Placed placed : List.copyOf(relays.values())) {
            Integer place = places.get(placed.turn());
            asked.add(placed.relay()
                    .report(REPORT_LIMIT)
                    .thenApply(report ->
                            place == null || report.status().state().isOver() ? report : report.waitingAt(place)));
        }
        List<InstanceReport> reports = new ArrayList<>();
        for (CompletableFuture<InstanceReport> each : asked) {
            try {
                // It times out by itself.
                reports.add(world.tasks().await(each, REPORT_LIMIT.multipliedBy(2)));
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("a report that failed", e);
            }
        }
        return reports;
    }

    /// How the event loops are, in their order. Waits for them, but not long.
    public List<LoopReport> loops() throws InterruptedException {
        return LoopWatch.look(world, pools, REPORT_LIMIT);
    }

    /// What the process has for all of them.
    public HostReport report() {
        Optional<Consensus> consensus = directory.consensus();
        return new HostReport(
                limits.memory().heldBytes(),
                limits.memory().limitBytes(),
                limits.fds().total(),
                limits.fds().free(),
                limits.circuits().total(),
                limits.circuits().free(),
                pools.size(),
                Stream.of(Workers.Kind.values()).collect(Collectors.toMap(kind -> kind, world.workers()::waiting)),
                limits.bandwidth().isReadingShort(),
                limits.bandwidth().isWritingShort(),
                sharing,
                cache.diskBytesMax(),
                consensus.map(Consensus::validAfter),
                consensus.map(Consensus::validUntil));
    }

    /// Logs what every relay holds, and how many cells each loop's relays hold, sums only.
    public synchronized void logCounts() {
        for (int i = 0; i < pools.size(); i++) {
            CellPool pool = pools.get(i);
            int loop = i;
            world.loops()
                    .all()
                    .get(i)
                    .execute(() -> world.log().info("", "counts: loop=" + loop + " cells-held=" + pool.outstanding()));
        }
        relays.values().forEach(placed -> placed.relay().logCounts());
    }

    /// What its relays answer to directory requests, for a DirPort beside them.
    public DirRoutes directoryRoutes() {
        return cache.routes(() -> null);
    }

    /// Has somebody hear of each consensus that relays of this process believe, those of [#handOut]
    /// excepted.
    public void follow(ConsensusListener by) {
        follower = by;
    }

    private void believed(UnverifiedConsensus document, Consensus verified) {
        cache.listener().believed(document, verified);
        follower.believed(document, verified);
    }

    /// Hands a consensus out that this process has made itself.
    public void handOut(UnverifiedConsensus document, Consensus verified) {
        cache.listener().believed(document, verified);
    }

    /// Leaves what is open on every relay as it is, and accepts nothing new; what follows is [#close].
    public synchronized void acceptNothingNew() {
        relays.values().forEach(placed -> placed.relay().acceptNothingNew());
    }

    /// Stops every relay and the directory. The world stays open; it is its owner's to close.
    public synchronized void close() throws InterruptedException {
        relays.values().forEach(placed -> placed.starting().cancel());
        // Running relays first: theirs are the circuits that wait for a reason.
        List<Map.Entry<String, Placed>> starting = new ArrayList<>();
        for (Map.Entry<String, Placed> each : relays.entrySet()) {
            if (each.getValue().starting().join(Duration.ZERO)) {
                each.getValue().relay().stop();
            } else {
                starting.add(each);
            }
        }
        for (Map.Entry<String, Placed> each : starting) {
            stopStarting(each.getKey(), each.getValue());
        }
        relays.clear();
        if (nameServerChecks != null) {
            nameServerChecks.cancel();
        }
        fetcher.stop();
        cache.close();
        limits.bandwidth().close();
    }

    /// A way to authorities over the links of whichever relay listens. Takes no lock: a stop waits for the
    /// fetcher.
    private @Nullable DirectoryTunnel anyTunnel() {
        for (Placed placed : List.copyOf(relays.values())) {
            DirectoryTunnel tunnel = placed.relay().tunnel();
            if (tunnel != null) {
                return tunnel;
            }
        }
        return null;
    }

    private Placed placed(String id) {
        Placed placed = relays.get(id);
        if (placed == null) {
            throw new IllegalArgumentException("no relay " + id);
        }
        return placed;
    }

    private int leastUsedLoop() {
        int[] used = new int[pools.size()];
        relays.values().stream()
                .filter(placed -> !placed.relay().status().state().isOver())
                .forEach(placed -> used[placed.loop()]++);
        int least = 0;
        for (int i = 1; i < used.length; i++) {
            if (used[i] < used[least]) {
                least = i;
            }
        }
        return least;
    }
}
