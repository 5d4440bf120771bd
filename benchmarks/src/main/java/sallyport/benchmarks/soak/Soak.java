package sallyport.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import sallyport.lab.control.ControlClient;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;

/// Mixed traffic with random faults through three exits of ours in one process, in a private network of C tor, and what
/// that process still holds when all is quiet again, beside what it held before.
///
/// The traffic runs under congestion control over circuits of three hops, whose guards and middles are C tor's relays
/// and
/// our exits; whatever arrives is compared by SHA-256. A failure that no fault explains is unexpected. Arguments:
/// minutes
/// (default 30), seed (default 1), users at once (default 10). Exit code 0 when nothing was unexpected and nothing is
/// left; 1 otherwise, with the reasons.
public final class Soak {
    private static final int RELAYS = 3;
    private static final int OTHER_RELAYS = 4;
    private static final int OR_PORT = 9_001;
    private static final int CLIENTS = 2;
    private static final Duration LISTED = Duration.ofMinutes(5);
    // Every path and every buffer is used once, so that what is compared was warm before.
    private static final Duration WARM_UP = Duration.ofSeconds(45);
    private static final Duration IDLE_LIMIT = Duration.ofMinutes(5);
    private static final int IDLE_LOOKS = 3;
    private static final long IDLE_LOOK_MILLIS = 2_000;
    private static final long PROGRESS_NANOS = Duration.ofMinutes(1).toNanos();
    // What must be gone when nobody uses the relays; links to relays and remembered names stay.
    private static final Set<String> ZERO_WHEN_IDLE = Set.of(
            "circuits",
            "streams",
            "exit-connections",
            "cells-held",
            "cells-bytes",
            "streams-bytes",
            "link-output-bytes",
            "handshakes-bytes");
    private static final List<String> NO_OBJECTS_OF = List.of(
            "sallyport.engine.circuit.RelayCircuit",
            "sallyport.engine.circuit.ClientSide",
            "sallyport.engine.stream.DataStream",
            "sallyport.engine.stream.LookupStream",
            "sallyport.engine.exit.ExitConnection");
    private static final int DNS_SOCKETS_PER_RELAY = 8;

    private final PrivateNetwork network;
    private final FarEnd far;
    private final SallyportProcess sallyport;
    private final Duration length;
    private final long seed;
    private final int users;
    private final int loops = Runtime.getRuntime().availableProcessors();
    private final Tally tally = new Tally();
    private final Troubles troubles = new Troubles();
    private final List<SoakClient> clients = new ArrayList<>();
    /// Fingerprints of our exits.
    private final List<String> ours = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    private Soak(
            PrivateNetwork network, FarEnd far, SallyportProcess sallyport, Duration length, long seed, int users) {
        this.network = network;
        this.far = far;
        this.sallyport = sallyport;
        this.length = length;
        this.seed = seed;
        this.users = users;
    }

    public static void main(String[] arguments) throws Exception {
        Duration length =
                Duration.ofSeconds(Math.round(60 * (arguments.length > 0 ? Double.parseDouble(arguments[0]) : 30)));
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        int users = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        boolean clean;
        try (PrivateNetwork network = PrivateNetwork.plan()
                        .relays(OTHER_RELAYS)
                        .clients(CLIENTS)
                        // A machine at its limit is no fault of anybody's.
                        .onClients("CircuitStreamTimeout 120", "SocksTimeout 140")
                        .lifetime(length.plusMinutes(40))
                        .patience(Duration.ofMinutes(5))
                        .progress(System.err::println)
                        .start();
                FarEnd far = FarEnd.start(network.freshAddress(), network.freshAddress());
                SallyportProcess sallyport = SallyportProcess.start(
                        network.leash(),
                        "sallyport",
                        exits(network, far),
                        "-Xmx512m",
                        "-ea",
                        "-XX:NativeMemoryTracking=summary",
                        "-Dio.netty.leakDetection.level=advanced")) {
            clean = new Soak(network, far, sallyport, length, seed, users).run();
        }
        System.exit(clean ? 0 : 1);
    }

    private static SallyportConfig exits(PrivateNetwork network, FarEnd far) {
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (int i = 0; i < RELAYS; i++) {
            String address = network.freshAddress();
            relays.add(SallyportConfig.Relay.exit("sally" + i, address, OR_PORT, address)
                    .with("outbound-bind-address-exit = [\"" + address + "\", \"::1\"]"));
        }
        return new SallyportConfig(
                network.leash().directory().resolve("sallyport").resolve("data"),
                network.authorityLines(),
                List.of(far.resolver()),
                relays,
                List.of("resolver-detect-hijacking = false"));
    }

    private boolean run() throws Exception {
        for (Identity identity : sallyport.identities()) {
            ours.add(identity.fingerprint());
            network.awaitListed(identity.fingerprint(), Set.of("Running", "Exit"), LISTED);
        }
        List<String> others = new ArrayList<>();
        for (TorNode relay : network.relays()) {
            others.add(relay.fingerprint());
        }
        for (TorNode node : network.clients()) {
            SoakClient client = new SoakClient(node, tally, troubles);
            client.open();
            clients.add(client);
        }
        System.err.println("warming up");
        trafficDuring(WARM_UP, new Traffic(clients, ours, others, far, troubles, tally), seed + 1_000_000, false);
        long warmingUp = sum("good ");
        Holdings before = idle("before");
        System.err.println("before: " + before.fds() + ", resident " + (before.residentBytes() >> 20) + " MiB");

        for (SoakClient client : clients) {
            client.start();
        }
        trafficDuring(length, new Traffic(clients, ours, others, far, troubles, tally), seed, true);
        Holdings after = idle("after");
        report(before, after, warmingUp);
        return complaints.isEmpty();
    }

    private void trafficDuring(Duration how, Traffic traffic, long trafficSeed, boolean withFaults) throws Exception {
        long begun = System.nanoTime();
        long deadline = begun + how.toNanos();
        traffic.start(users, trafficSeed);
        Thread progress = Thread.ofVirtual().start(() -> sayProgress(begun));
        if (withFaults) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(trafficSeed);
            new Faults(clients, network.relays(), far, troubles, tally, random).runUntil(deadline);
        } else {
            Thread.sleep(how);
        }
        progress.interrupt();
        traffic.stop();
    }

    private void sayProgress(long begunNanos) {
        try {
            for (int minute = 1; ; minute++) {
                Thread.sleep(Math.max(0, (begunNanos + minute * PROGRESS_NANOS - System.nanoTime()) / 1_000_000));
                System.err.println(
                        "minute " + minute + ": good " + sum("good ") + ", cut " + sum("cut by ") + ", faults "
                                + sum("fault ") + ", unexpected " + sum("unexpected ") + ", resident "
                                + (sallyport.residentBytes() >> 20) + " MiB, "
                                + Holdings.countsOf(sallyport, RELAYS, loops));
            }
        } catch (InterruptedException trafficIsOver) {
            return;
        } catch (IOException e) {
            System.err.println("no progress to tell: " + e);
        }
    }

    /// Ends the clients, waits until our relays have nothing to do, and looks.
    private Holdings idle(String when) throws IOException, InterruptedException {
        for (SoakClient client : clients) {
            client.stop();
        }
        long begun = System.nanoTime();
        int looks = 0;
        Map<String, Long> counts = Map.of();
        while (looks < IDLE_LOOKS) {
            counts = Holdings.countsOf(sallyport, RELAYS, loops);
            Map<String, Long> now = counts;
            looks = ZERO_WHEN_IDLE.stream().allMatch(key -> now.getOrDefault(key, -1L) == 0) ? looks + 1 : 0;
            if (System.nanoTime() - begun > IDLE_LIMIT.toNanos()) {
                complaints.add("not idle " + when + " the soak: " + counts);
                break;
            }
            if (looks == 0) {
                settle();
            }
            Thread.sleep(IDLE_LOOK_MILLIS);
        }
        System.err.println(
                "idle after " + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s: " + counts);
        return Holdings.of(sallyport, RELAYS, loops);
    }

    /// Ends what C tor's relays still have through ours.
    ///
    /// They keep circuits of their own, to test their bandwidth for instance. And they leave DESTROY cells
    /// unsent: with one of them on its way the next ones wait, and nothing wakes their link before it gets a
    /// cell of another kind (`circuitmux_append_destroy_cell` tells no scheduler). So when a client goes away
    /// with several circuits on one link, all but one of them stand until somebody uses the link. Here we do.
    private void settle() throws IOException, InterruptedException {
        List<TorNode> alive = new ArrayList<>(network.authorities());
        alive.addAll(network.relays());
        for (TorNode node : alive) {
            TorNode next = alive.get((alive.indexOf(node) + 1) % alive.size());
            try (ControlClient control = node.control()) {
                for (String relay : ours) {
                    control.ask("EXTENDCIRCUIT 0 $" + relay + ",$" + next.fingerprint() + " purpose=general");
                }
            }
        }
        Thread.sleep(IDLE_LOOK_MILLIS);
        for (TorNode node : alive) {
            try (ControlClient control = node.control()) {
                for (String line : control.info("circuit-status").lines().toList()) {
                    if (ours.stream().anyMatch(line::contains)) {
                        control.closeCircuit(line.split(" ", 2)[0]);
                    }
                }
            }
        }
    }

    private void report(Holdings before, Holdings after, long warmingUp) throws IOException {
        System.out.printf(
                "Soak of %d s, seed %d, %d users over %d clients, %d exits of ours in one process, %d relays of C tor%n",
                length.toSeconds(), seed, users, CLIENTS, RELAYS, OTHER_RELAYS);
        System.out.printf(
                "exchanges: %d begun (%d in the warming up), %d good, %d cut by our faults, %d unexpected%n",
                sum("begun "), warmingUp, sum("good "), sum("cut by "), sum("unexpected "));
        System.out.printf(
                "bytes verified: %d MiB down, %d MiB up%n", tally.get("bytes down") >> 20, tally.get("bytes up") >> 20);
        System.out.println("good, by kind: " + tally.under("good "));
        System.out.println("unexpected, by kind: " + tally.under("unexpected "));
        System.out.println("cut by: " + tally.under("cut by "));
        System.out.println("faults: " + tally.under("fault "));
        System.out.println("circuits: built " + tally.get("circuits built") + ", not built after a fault "
                + tally.get("circuits not built after a fault")
                + ", closed by the client as unused " + tally.get("circuits closed by the client as unused"));
        tellDifference("counts", before.counts(), after.counts());
        tellDifference("FDs", before.fds(), after.fds());
        System.out.printf(
                "heap after a collection: %d KiB before, %d KiB after%nbeside the heap (NMT Other): %d KiB before, %d KiB"
                        + " after%nresident: %d MiB before, %d MiB after%n",
                before.heapBytes() >> 10,
                after.heapBytes() >> 10,
                before.otherKib(),
                after.otherKib(),
                before.residentBytes() >> 20,
                after.residentBytes() >> 20);
        System.out.println("objects whose number changed (before, after):");
        Set<String> classes = new TreeSet<>(before.live().keySet());
        classes.addAll(after.live().keySet());
        for (String each : classes) {
            long was = before.live().getOrDefault(each, 0L);
            long is = after.live().getOrDefault(each, 0L);
            if (Math.abs(is - was) > 2) {
                System.out.printf("  %s %d %d%n", each, was, is);
            }
        }
        judge(before, after);
        List<String> faults = sallyport.lines().stream()
                .filter(line -> line.contains("peers' faults: "))
                .toList();
        faults.subList(Math.max(0, faults.size() - RELAYS), faults.size()).forEach(System.out::println);
        sallyport.lines().stream()
                .filter(line -> line.contains(" WARN "))
                .limit(10)
                .forEach(line -> System.out.println("warned: " + line));
        complaints.forEach(complaint -> System.out.println("COMPLAINT: " + complaint));
        System.out.println(complaints.isEmpty() ? "clean" : "NOT CLEAN");
    }

    private void judge(Holdings before, Holdings after) {
        tally.complaints().forEach(complaint -> complaints.add("unexpected: " + complaint));
        sallyport.lines().stream()
                .filter(line -> line.contains(" ERROR ") || line.contains("bug:"))
                .limit(20)
                .forEach(line -> complaints.add("logged: " + line));
        after.fds().forEach((kind, number) -> {
            long was = before.fds().getOrDefault(kind, 0L);
            long allowed = switch (kind) {
                case "tcp" -> after.counts().getOrDefault("links", 0L);
                case "udp" -> Math.max(was, (long) RELAYS * DNS_SOCKETS_PER_RELAY);
                default -> was;
            };
            if (number > allowed) {
                complaints.add("FDs: " + number + " of kind " + kind + ", " + allowed + " explained");
            }
        });
        if (after.counts().getOrDefault("fds", 0L) > after.counts().getOrDefault("links", 0L)) {
            complaints.add("FDs are counted that no link has: " + after.counts());
        }
        for (String each : NO_OBJECTS_OF) {
            if (after.live().getOrDefault(each, 0L) > 0) {
                complaints.add(after.live().get(each) + " objects of " + each + " live on");
            }
        }
        if (far.openConnections() > 0) {
            complaints.add(far.openConnections() + " connections are open at the servers");
        }
    }

    private static void tellDifference(String what, Map<String, Long> before, Map<String, Long> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        StringBuilder line = new StringBuilder(what + " (before, after):");
        keys.forEach(key -> line.append(' ')
                .append(key)
                .append(' ')
                .append(before.getOrDefault(key, 0L))
                .append(',')
                .append(after.getOrDefault(key, 0L))
                .append(';'));
        System.out.println(line);
    }

    private long sum(String prefix) {
        return tally.under(prefix).values().stream().mapToLong(Long::longValue).sum();
    }
}
