package sallyport.benchmarks.overload;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import sallyport.engine.directory.Authority;
import sallyport.engine.world.RealWorld;
import sallyport.lab.client.ClientNetwork;
import sallyport.lab.client.ClientSettings;
import sallyport.lab.client.LabClient;
import sallyport.lab.control.ControlClient;
import sallyport.lab.hostile.CircuitFlood;
import sallyport.lab.hostile.RelayFacts;
import sallyport.lab.load.LoadServer;
import sallyport.lab.load.Mix;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.overload.Phase;
import sallyport.lab.overload.SlowReaders;
import sallyport.lab.overload.Watch;
import sallyport.lab.path.PathRules;
import sallyport.lab.process.FleetConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.TestServer;

/// A flood of circuits and slow readers on a few relays of a fleet, and what the users of the others
/// notice.
///
/// Forty exits in one process, in a network of C tor's authorities and relays. Users of clients of ours
/// come through the exits that will not be attacked, each with circuits of its own, in an open loop:
/// first calmly, then while the attack goes on, then after it. Arguments: exits (default 40), attacked
/// ones (5), circuits a second asked of each attacked one (100), slow readers on each (20), seconds of
/// each phase (60), the mix of users (default `web=1.5,chat=2,resolve=2`).
public final class Overload {
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final String SITE = "website.example";
    private static final int ATTACKER_ADDRESSES = 2;

    public static void main(String[] arguments) throws Exception {
        int exits = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40;
        int attacked = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        double circuits = arguments.length > 2 ? Double.parseDouble(arguments[2]) : 100;
        int readers = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 20;
        Duration phase = Duration.ofSeconds(arguments.length > 4 ? Long.parseLong(arguments[4]) : 60);
        Mix mix = Mix.parse(arguments.length > 5 ? arguments[5] : "web=1.5,chat=2,resolve=2");
        try (PrivateNetwork network = PrivateNetwork.plan()
                        .relays(3)
                        .clients(0)
                        .lifetime(Duration.ofHours(1))
                        .votingIntervalSeconds(60)
                        .progress(System.err::println)
                        .start();
                LoadServer far = LoadServer.start(new InetSocketAddress(network.freshAddress(), 0));
                TestServer site = TestServer.start(network.freshAddress());
                SallyportProcess sallyport = fleet(network, exits)) {
            network.dns().put(SITE, far.address().getHostString());
            List<Identity> all = sallyport.identities();
            for (Identity exit : all) {
                network.awaitListed(exit.fingerprint(), Set.of("Running", "Exit"), PATIENCE);
            }
            System.err.println("all " + exits + " are listed");
            // One loop: a load lives on one.
            try (RealWorld world =
                            new RealWorld(network.leash().directory().resolve("clients"), 1, (level, who, text) -> {});
                    ClientNetwork clients = ClientNetwork.join(world, authorities(network), true)) {
                clients.awaitRelays(PATIENCE);
                List<LabClient> victims = clients(clients, all.subList(0, attacked));
                List<LabClient> others = clients(clients, all.subList(attacked, exits));
                Watch watch = new Watch(sallyport, others, mix, phase, far.address(), SITE);
                List<Phase> phases = new ArrayList<>();
                phases.add(phase(watch, "warm"));
                phases.add(phase(watch, "calm"));
                SlowReaders slow = new SlowReaders();
                slow.start(victims, readers, site.address());
                List<CircuitFlood> floods = floods(network, all.subList(0, attacked), circuits);
                Thread.sleep(WARM_UP);
                phases.add(phase(watch, "attack"));
                System.out.println("slow readers open: " + slow.open());
                for (CircuitFlood flood : floods) {
                    System.out.println("circuits asked for " + flood.sent() + ", made " + flood.created() + ", refused "
                            + flood.refused());
                    flood.close();
                }
                victims.forEach(LabClient::close);
                phases.add(phase(watch, "afterwards"));
                System.out.println(Phase.TITLE);
                phases.forEach(System.out::println);
                Phase calm = phases.get(1);
                Phase attack = phases.get(2);
                System.out.printf(
                        Locale.ROOT,
                        "attack / calm: throughput %.2f, 99th percentile of builds %.2f%n",
                        attack.mebibytesPerSecond() / calm.mebibytesPerSecond(),
                        attack.buildMillis(99) / calm.buildMillis(99));
                System.out.println(sallyport.verb("status").lines().limit(6).toList());
            }
        }
    }

    private static Phase phase(Watch watch, String called) throws Exception {
        System.err.println("phase: " + called);
        Phase phase = watch.phase(called);
        phase.report().lines().forEach(System.err::println);
        return phase;
    }

    private static SallyportProcess fleet(PrivateNetwork network, int exits) throws Exception {
        List<String> pool = new ArrayList<>();
        for (int i = 0; i < exits; i++) {
            pool.add(network.freshAddress());
        }
        return SallyportProcess.startFleet(
                network.leash(),
                "fleet",
                new FleetConfig(
                                network.leash().directory().resolve("fleet").resolve("data"),
                                network.authorityLines(),
                                network.dns().hostPort(),
                                pool,
                                "fleet",
                                exits,
                                List.of())
                        .text());
    }

    private static List<Authority> authorities(PrivateNetwork network) throws Exception {
        List<Authority> authorities = new ArrayList<>();
        for (String line : network.authorityLines()) {
            authorities.add(Authority.parse(line));
        }
        return authorities;
    }

    /// One client for each exit, which uses no other.
    private static List<LabClient> clients(ClientNetwork network, List<Identity> exits) {
        return exits.stream()
                .map(exit -> network.client(ClientSettings.DEFAULT
                        .withName(exit.id())
                        .withCircuits(500, 0)
                        .withDirtinessMax(Duration.ofSeconds(5))
                        .withRules(new PathRules(0, false, Set.of(exit.fingerprint())))))
                .toList();
    }

    private static List<CircuitFlood> floods(PrivateNetwork network, List<Identity> attacked, double perSecond)
            throws Exception {
        List<CircuitFlood> floods = new ArrayList<>();
        try (ControlClient control = network.authorities().getFirst().control()) {
            for (Identity exit : attacked) {
                RelayFacts facts = RelayFacts.ofDescriptor(control.info("desc/id/" + exit.fingerprint()));
                List<InetAddress> from = new ArrayList<>();
                for (int i = 0; i < ATTACKER_ADDRESSES; i++) {
                    from.add(InetAddress.ofLiteral(network.freshAddress()));
                }
                floods.add(CircuitFlood.start(facts, from, perSecond));
            }
        }
        return floods;
    }

    private Overload() {}
}
