package sallyport.lab.sim;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.dircache.DirectoryCache;
import sallyport.engine.directory.Authority;
import sallyport.engine.dirserver.DirRoutes;
import sallyport.engine.host.EngineHost;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.ResolverSpec;
import sallyport.engine.identity.KeyLifetimes;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.HouseRules;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.PublishingSpec;
import sallyport.engine.instance.StatisticsSpec;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.Sharing;
import sallyport.engine.sim.SimMachine;
import sallyport.engine.sim.SimWorld;
import sallyport.engine.sim.Trace;
import sallyport.engine.world.Log;
import sallyport.engine.world.MemoryStorage;
import sallyport.lab.dirauth.AuthoritySpec;
import sallyport.lab.dirauth.DirectoryAuthority;
import sallyport.lab.dirauth.VotingTiming;
import sallyport.lab.roster.RosterSettings;

/// A network of twenty relays under a seed: three authorities, each a machine of its own, and three
/// machines that host the other seventeen. It votes at the times of the public network.
final class SimulatedNetwork {
    static final int AUTHORITIES = 3;
    static final int HOSTS = 3;
    static final int RELAYS = 17;
    static final int SIGNING_DAYS = 3;
    static final Instant START = Instant.parse("2026-11-21T11:50:00Z");

    private static final int OR_PORT = 9001;
    private static final int DIR_PORT = 9030;
    private static final RosterSettings JUDGEMENT =
            RosterSettings.testing("AuthDirTestReachability 0", "AuthDirFastGuarantee 0");
    // The public network's; the first consensus comes sooner.
    private static final VotingTiming TIMING = new VotingTiming(
            delays(Duration.ofHours(1), Duration.ofMinutes(5)),
            delays(Duration.ofMinutes(5), Duration.ofSeconds(20)),
            3,
            Duration.ZERO);
    // Diffs from one older consensus: from 72 of them would be most of what the machines do.
    private static final Map<String, Integer> PARAMETERS = Map.of(
            "max-consensus-age-to-cache-for-diff", 1, "onion-key-rotation-days", 1, "onion-key-grace-period-days", 1);
    // Signing keys live for three days, so that a week sees two renewals.
    private static final ProcessSpec PROCESS = new ProcessSpec(
            0,
            DirectoryCache.DISK_BYTES_MAX,
            ResolverSpec.SYSTEM,
            Map.of(),
            new HouseRules(new KeyLifetimes(Duration.ofDays(SIGNING_DAYS), Duration.ZERO)),
            Sharing.DEFAULT,
            RELAYS);
    private final Trace trace;
    private final SimWorld world;
    private final List<SimulatedAuthority> authorities = new ArrayList<>();
    private final List<HostMachine> hosts = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final Map<String, Supplier<String>> linkCertificates = new TreeMap<>();
    private @Nullable SimulatedUsers users;

    /// One process with relays, and the machine it runs on just now.
    static final class HostMachine {
        final MemoryStorage disk = new MemoryStorage();
        final List<InstanceSpec> relays = new ArrayList<>();

        @Nullable
        SimMachine machine;

        @Nullable
        EngineHost host;
    }

    SimulatedNetwork(long seed, boolean inWords) throws Exception {
        trace = new Trace(inWords);
        world = new SimWorld(seed, START, trace);
        world.read((machine, level, relay, text) -> {
            if (inWords && level.compareTo(Log.Level.WARN) <= 0) {
                System.out.println(machine + " " + world.clock().instant() + " " + relay + " " + text);
            }
            if (level == Log.Level.ERROR) {
                errors.add(machine + " " + world.clock().instant() + " " + relay + " " + text);
            }
        });
        for (int i = 0; i < AUTHORITIES; i++) {
            SimulatedAuthority each = new SimulatedAuthority(new AuthoritySpec(
                    "auth" + i, address("4." + (10 + i) + ".0.1", OR_PORT), DIR_PORT, "", JUDGEMENT, PARAMETERS));
            each.writeKeys(i);
            authorities.add(each);
        }
        for (int i = 0; i < HOSTS; i++) {
            hosts.add(new HostMachine());
        }
        for (int i = 0; i < RELAYS; i++) {
            hosts.get(i % HOSTS).relays.add(relay(i));
        }
    }

    private static VotingTiming.Delays delays(Duration interval, Duration delay) {
        return new VotingTiming.Delays(interval, delay, delay);
    }

    private static RelayAddress address(String ip, int port) {
        return Objects.requireNonNull(RelayAddress.parseIp(ip, port));
    }

    /// Every fourth lets something out, so that each process has such.
    private static InstanceSpec relay(int number) {
        RelayAddress at = address("5." + (10 + number) + ".0.1", OR_PORT);
        List<String> policy =
                number % 4 == 0 ? List.of("accept *:80", "accept *:443", "reject *:*") : List.of("reject *:*");
        return new InstanceSpec(
                "r" + number,
                "Relay" + number,
                List.of(at),
                List.of(at),
                List.of(),
                List.of(),
                new ExitSpec(false, policy, true),
                true,
                "",
                FamilySpec.NONE,
                StatisticsSpec.DEFAULT,
                BandwidthRates.UNLIMITED,
                AccountingSpec.NONE,
                PublishingSpec.ORDINARY);
    }

    // Life

    /// Everybody starts at once.
    void begin() throws Exception {
        for (int i = 0; i < AUTHORITIES; i++) {
            make(i);
        }
        for (int i = 0; i < AUTHORITIES; i++) {
            open(i);
        }
        for (int i = 0; i < HOSTS; i++) {
            startHost(i);
        }
        users = SimulatedUsers.begin(world, network().authorities());
    }

    private void make(int number) throws Exception {
        SimulatedAuthority each = authorities.get(number);
        InetAddress at = InetAddress.getByAddress(each.spec.orAddress().ip());
        SimMachine machine = new SimMachine(world, each.spec.nickname(), 1, List.of(at), each.disk);
        each.machine = machine;
        DirectoryAuthority authority = DirectoryAuthority.make(machine, each.spec, SimMachine.links());
        each.authority = authority;
        each.line = authority.line();
    }

    private void open(int number) throws Exception {
        SimulatedAuthority each = authorities.get(number);
        NetworkSpec network = network();
        DirectoryAuthority authority = Objects.requireNonNull(each.authority);
        Objects.requireNonNull(each.machine).tasks().start("start of " + each.spec.nickname(), () -> {
            authority.open(network);
            authority.vote(TIMING);
        });
    }

    /// An authority that has crashed comes back with what is on its disk.
    void startAuthority(int number) throws Exception {
        make(number);
        open(number);
    }

    void crashAuthority(int number) {
        SimulatedAuthority each = authorities.get(number);
        Objects.requireNonNull(each.machine).crash();
        each.machine = null;
        each.authority = null;
    }

    /// Cuts an authority and a process off from all others.
    void part(int authority, int host) {
        world.part(List.of(
                Objects.requireNonNull(authorities.get(authority).machine),
                Objects.requireNonNull(hosts.get(host).machine)));
    }

    /// As [#startAuthority].
    void startHost(int number) throws Exception {
        HostMachine each = hosts.get(number);
        List<InetAddress> addresses = new ArrayList<>();
        for (InstanceSpec relay : each.relays) {
            addresses.add(
                    InetAddress.getByAddress(relay.orAddresses().getFirst().ip()));
        }
        SimMachine machine = new SimMachine(world, "host" + number, 2, addresses, each.disk);
        EngineHost host =
                new EngineHost(machine, network(), PROCESS, new DirRoutes(), SimMachine.links(linkCertificates::put));
        host.open();
        each.relays.forEach(host::start);
        each.machine = machine;
        each.host = host;
    }

    void crashHost(int number) {
        HostMachine each = hosts.get(number);
        Objects.requireNonNull(each.machine).crash();
        each.machine = null;
        each.host = null;
    }

    /// All its connections break.
    void cutLinks(int number) {
        Objects.requireNonNull(hosts.get(number).machine).cutConnections();
    }

    private NetworkSpec network() throws Malformed {
        List<Authority> all = new ArrayList<>();
        for (SimulatedAuthority each : authorities) {
            all.add(Authority.parse(each.line));
        }
        return new NetworkSpec(true, all);
    }

    SimWorld world() {
        return world;
    }

    Trace trace() {
        return trace;
    }

    List<SimulatedAuthority> authorities() {
        return authorities;
    }

    List<HostMachine> hosts() {
        return hosts;
    }

    /// Which link certificate each relay shows, by its id; those that authorities are left out.
    Map<String, String> linkCertificates() {
        Map<String, String> shown = new TreeMap<>();
        linkCertificates.forEach((relay, certificate) -> shown.put(relay, certificate.get()));
        return shown;
    }

    SimulatedUsers users() {
        return Objects.requireNonNull(users);
    }

    /// What was logged as an error, the machine first.
    List<String> errors() {
        return errors;
    }
}
