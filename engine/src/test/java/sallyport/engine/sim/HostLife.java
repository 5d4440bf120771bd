package sallyport.engine.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.dircache.DirectoryCache;
import sallyport.engine.directory.Authority;
import sallyport.engine.dirserver.DirRoutes;
import sallyport.engine.host.EngineHost;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.ResolverSpec;
import sallyport.engine.identity.KeyLifetimes;
import sallyport.engine.instance.HouseRules;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.PublishingSpec;
import sallyport.engine.instance.TestSpecs;
import sallyport.engine.limits.Sharing;
import sallyport.engine.netdoc.GeneratedNetwork;
import sallyport.engine.world.Log;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.Resources;
import sallyport.engine.world.World;
import sallyport.engine.world.WorldOver;

/// The life of one process with some relays under a seed: the whole [EngineHost] with all its control
/// tasks, and a directory that follows a script.
final class HostLife {
    static final int RELAYS = 4;
    /// How old an onion key becomes.
    static final int ROTATION_DAYS = 2;
    /// More than a process of that size keeps: four relays with a dozen files each, and what clients fetch.
    static final int FILES_MAX = 150;

    // A signing key is renewed a day before its end.
    private static final KeyLifetimes KEYS = new KeyLifetimes(Duration.ofDays(ROTATION_DAYS + 1), Duration.ZERO);
    private static final String DIRECTORY_IP = "4.4.4.4";
    private static final int DIRECTORY_PORT = 9030;

    private static final Duration LOOK = Duration.ofMinutes(10);

    private final SimWorld world;
    private final Trace trace;
    private final ScriptedDirectory directory;
    private final MemoryStorage disk = new MemoryStorage();
    private final SimMachine machine;
    private final EngineHost host;
    private final List<String> loud = new ArrayList<>();
    // Of one relay: the certificates that its links showed.
    private final Set<String> linkCertificates = new TreeSet<>();

    HostLife(long seed, boolean inWords) throws Exception {
        this(seed, inWords, null);
    }

    /// @param has what the process gets; null: enough of everything
    HostLife(long seed, boolean inWords, @Nullable Resources has) throws Exception {
        trace = new Trace(inWords);
        world = new SimWorld(seed, GeneratedNetwork.START, trace);
        world.read(this::heard);
        InetAddress ip = InetAddress.ofLiteral(DIRECTORY_IP);
        directory = new ScriptedDirectory(world, new InetSocketAddress(ip, DIRECTORY_PORT));
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < RELAYS; i++) {
            addresses.add(InetAddress.ofLiteral(ip(i)));
        }
        machine = new SimMachine(world, "m0", 2, addresses, disk);
        host = new EngineHost(
                has == null ? machine : with(has),
                new NetworkSpec(
                        false,
                        List.of(Authority.parse("script v3ident=" + Hex.upper(directory.v3Ident()) + " " + DIRECTORY_IP
                                + ":" + DIRECTORY_PORT + " " + "A1".repeat(20)))),
                new ProcessSpec(
                        0,
                        DirectoryCache.DISK_BYTES_MAX,
                        ResolverSpec.SYSTEM,
                        Map.of("onion-key-rotation-days", ROTATION_DAYS, "onion-key-grace-period-days", 1),
                        new HouseRules(KEYS),
                        Sharing.DEFAULT,
                        RELAYS),
                new DirRoutes(),
                SimMachine.links(this::watched));
    }

    private World with(Resources has) {
        return new WorldOver() {
            @Override
            public World real() {
                return machine;
            }

            @Override
            public Resources resources() {
                return has;
            }
        };
    }

    private void watched(String relay, Supplier<String> certificate) {
        if (relay.equals("r0")) {
            lookAgain(() -> linkCertificates.add(certificate.get()));
        }
    }

    private void lookAgain(Runnable look) {
        world.in(LOOK.toNanos(), world.outside(), "look", () -> {
            look.run();
            lookAgain(look);
        });
    }

    void begin() {
        host.open();
        for (int i = 0; i < RELAYS; i++) {
            host.start(spec(i));
        }
    }

    /// Until nothing is left to happen.
    void end() {
        machine.tasks().start("end", host::close);
        world.run(Duration.ofHours(1));
    }

    private InstanceSpec spec(int relay) {
        return TestSpecs.of("r" + relay, "Nick" + relay, address(relay), new PublishingSpec(true, relay < RELAYS - 1));
    }

    static RelayAddress address(int relay) {
        return Objects.requireNonNull(RelayAddress.parseIp(ip(relay), SimRelay.PORT));
    }

    private static String ip(int relay) {
        return "5." + (10 + relay) + ".0.1";
    }

    private void heard(String name, Log.Level level, String relay, String text) {
        if (level.compareTo(Log.Level.WARN) <= 0) {
            loud.add(world.clock().instant() + " " + level + " " + relay + " " + text);
        }
    }

    SimWorld world() {
        return world;
    }

    Trace trace() {
        return trace;
    }

    ScriptedDirectory directory() {
        return directory;
    }

    MemoryStorage disk() {
        return disk;
    }

    SimMachine machine() {
        return machine;
    }

    EngineHost host() {
        return host;
    }

    /// Warnings and errors.
    List<String> loud() {
        return loud;
    }

    Set<String> linkCertificates() {
        return linkCertificates;
    }

    /// Says what a short life was like, for whoever compares it with that of another process.
    public static void main(String[] arguments) throws Exception {
        System.out.println(hashOf(Long.parseLong(arguments[0]), Duration.parse(arguments[1])));
    }

    static String hashOf(long seed, Duration time) throws Exception {
        HostLife life = new HostLife(seed, false);
        life.begin();
        life.world.run(time);
        life.end();
        return Long.toHexString(life.trace.hash()) + " " + life.world.done();
    }
}
