package sallyport.engine.host;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final Relays relays;
    private final Turns selfTests;
    private final List<CellPool> pools = new ArrayList<>();
    private Tasks.@Nullable Task nameServerChecks;
    private HijackDetection detection;
    private volatile Sharing sharing;
    private volatile HouseRules rules;
    private volatile ConsensusListener follower = (_, _) -> {};

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
        this.relays = new Relays(world, world.loops().all().size(), process.startsAtOnce(), this::relay);
        this.selfTests = new Turns(process.startsAtOnce());
        for (EventLoop _ : world.loops().all()) {
            pools.add(new CellPool());
        }
    }

    /// Starts the directory; relays follow by [#start].
    public void open() {
        synchronized (relays) {
            openDirectory();
        }
    }

    private void openDirectory() {
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
        relays.all().forEach(RelayInstance::lookAtConsensus);
    }

    private boolean letsOut() {
        synchronized (relays) {
            return relays.all().stream().anyMatch(RelayInstance::letsOut);
        }
    }

    private void stopExiting() {
        synchronized (relays) {
            relays.all().forEach(RelayInstance::stopExiting);
        }
    }

    private RelayInstance relay(InstanceSpec spec, int loop) {
        return new RelayInstance(
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
    }

    /// Starts one relay in a task of its own when it is its turn, on the loop with the fewest relays. Its
    /// failure touches no other relay.
    public void start(InstanceSpec spec) {
        relays.start(spec);
    }

    /// Makes a running relay follow a changed spec as far as that cuts no stream. An address that cannot
    /// be listened on stays in `waitingForRestart`, and the log says why.
    public UpdateOutcome update(InstanceSpec next) throws InterruptedException {
        synchronized (relays) {
            RelayInstance relay = relays.get(next.id());
            InstanceSpec before = relay.spec();
            relay.apply(next.dialingAs(before));
            InstanceSpec now = relay.spec();
            return new UpdateOutcome(Differences.between(before, now), Differences.between(now, next), now);
        }
    }

    /// Follows a changed spec of the process, its memory excepted: that of the start stays. The system's
    /// name servers are looked up again, and its addresses.
    public void update(ProcessSpec process) {
        synchronized (relays) {
            follow(process);
        }
    }

    private void follow(ProcessSpec process) {
        rules = process.rules();
        follow(process.sharing());
        relays.all().forEach(RelayInstance::followInterfaces);
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
            relays.all().forEach(RelayInstance::bandwidthChanged);
        }
    }

    /// Looks at every relay's key files again.
    public void reloadKeys() {
        synchronized (relays) {
            relays.all().forEach(RelayInstance::reloadKeys);
        }
    }

    /// Starts a relay anew that is over, and has one that drains go on as if it had not.
    ///
    /// @throws Refused where it runs
    public void start(String id) throws InterruptedException, Refused {
        relays.start(id);
    }

    /// Has one relay take nothing new, and stops it once its circuits have ended, after `limit` at the
    /// latest. Returns at once. Where it drains already, the new limit holds.
    ///
    /// @throws Refused where it is over
    public void drain(String id, Duration limit) throws Refused, InterruptedException {
        relays.drain(id, limit);
    }

    /// The same, and starts it anew when it has stopped; one that is over is started at once.
    public void restart(String id, Duration limit) throws InterruptedException {
        relays.restart(id, limit);
    }

    /// Stops one relay; it can be started again.
    ///
    /// @throws Refused where it is over
    public void stop(String id) throws InterruptedException, Refused {
        relays.stop(id);
    }

    /// Stops one relay and forgets it; its keys stay on the disk.
    public void remove(String id) throws InterruptedException {
        relays.remove(id);
    }

    /// In the order they were started. Takes no lock: it answers while a relay is being stopped.
    public List<InstanceStatus> status() {
        return relays.status();
    }

    /// What every relay is, holds and counts, in the order they were started. Takes no lock; waits for
    /// the loops, but not long: a relay whose loop does not answer is reported without what only its loop
    /// knows.
    public List<InstanceReport> reports() throws InterruptedException {
        return relays.reports(REPORT_LIMIT);
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
    public void logCounts() {
        for (int i = 0; i < pools.size(); i++) {
            CellPool pool = pools.get(i);
            int loop = i;
            world.loops()
                    .all()
                    .get(i)
                    .execute(() -> world.log().info("", "counts: loop=" + loop + " cells-held=" + pool.outstanding()));
        }
        relays.all().forEach(RelayInstance::logCounts);
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
    public void acceptNothingNew() {
        synchronized (relays) {
            relays.all().forEach(RelayInstance::acceptNothingNew);
        }
    }

    /// Stops every relay and the directory. The world stays open; it is its owner's to close.
    public void close() throws InterruptedException {
        synchronized (relays) {
            relays.close();
            if (nameServerChecks != null) {
                nameServerChecks.cancel();
            }
            fetcher.stop();
            cache.close();
            limits.bandwidth().close();
        }
    }

    /// A way to authorities over the links of whichever relay listens. Takes no lock: a stop waits for the
    /// fetcher.
    private @Nullable DirectoryTunnel anyTunnel() {
        for (RelayInstance relay : relays.all()) {
            DirectoryTunnel tunnel = relay.tunnel();
            if (tunnel != null) {
                return tunnel;
            }
        }
        return null;
    }
}
