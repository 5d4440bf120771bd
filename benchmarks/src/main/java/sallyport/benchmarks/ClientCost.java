package sallyport.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sallyport.benchmarks.ClientCostPeer.Paths;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.TestServer;

/// What a client costs beside the exit that it loads: CPU-seconds per GiB of C tor's client and of ours, each
/// in a process of its own, and of the exit meanwhile, Sallyport's and C tor's, all in one run.
///
/// Paths lead over the same two relays of C tor. Ours goes through its SOCKS port as C tor's does, or without
/// one, as loads of one process do, over three hops and over two; and within three exits of one Sallyport
/// process, which then pass cells on as well. Arguments: MiB per transfer (default 96), rounds
/// that count (default 3), `fixed` (default) or `vegas`, rounds of warming up (default 2), streams at a time,
/// each on a circuit of its own (default 4), and visits of one kilobyte, each over a new circuit (default 200;
/// only where it is above 0).
public final class ClientCost {
    private static final int OR_PORT = 9_001;
    // As in ExitCost: once an hour in the public network.
    private static final int VOTING_INTERVAL_SECONDS = 120;
    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final double GIBIBYTE = 1 << 30;
    private static final double NANOS = 1e9;
    private static final int VISIT_BYTES = 1_000;
    private static final int VISITS_AT_ONCE = 4;

    private final TestServer server;
    private final long bytes;
    private final int streams;
    private final int visits;

    private ClientCost(TestServer server, long bytes, int streams, int visits) {
        this.server = server;
        this.bytes = bytes;
        this.streams = streams;
        this.visits = visits;
    }

    public static void main(String[] arguments) throws Exception {
        long mebibytes = arguments.length > 0 ? Long.parseLong(arguments[0]) : 96;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        String windows = arguments.length > 2 ? arguments[2] : "fixed";
        if (!windows.equals("fixed") && !windows.equals("vegas")) {
            throw new IllegalArgumentException("fixed or vegas, not " + windows);
        }
        int warmUps = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 2;
        int streams = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 4;
        int visits = arguments.length > 5 ? Integer.parseInt(arguments[5]) : 200;
        try (PrivateNetwork network = PrivateNetwork.plan()
                        .relays(3)
                        .exits(1)
                        .clients(0)
                        .onAuthorities(
                                windows.equals("fixed") ? "ConsensusParams cc_alg=0" : "ConsensusParams cc_alg=2")
                        .votingIntervalSeconds(VOTING_INTERVAL_SECONDS)
                        .lifetime(Duration.ofHours(2))
                        .progress(System.err::println)
                        .start();
                TestServer server = TestServer.start(network.freshAddress());
                SallyportProcess one = SallyportProcess.start(network.leash(), "one", exits(network, "one", 1));
                SallyportProcess three = SallyportProcess.start(network.leash(), "three", exits(network, "three", 3))) {
            TorNode theirs = network.exits().getFirst();
            List<Exit> exits = List.of(
                    new Exit("Sallyport", fingerprints(one), one.pid()),
                    new Exit("C tor", List.of(theirs.fingerprint()), theirs.pid()),
                    new Exit("3 in one", fingerprints(three), three.pid()));
            for (Exit exit : exits) {
                for (String fingerprint : exit.fingerprints()) {
                    network.awaitListed(fingerprint, Set.of("Running", "Exit", "Guard"), PATIENCE);
                }
            }
            new ClientCost(server, mebibytes << 20, streams, visits).run(network, exits, rounds, warmUps);
        }
    }

    private static SallyportConfig exits(PrivateNetwork network, String name, int count) {
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String address = network.freshAddress();
            relays.add(SallyportConfig.Relay.exit(name + i, address, OR_PORT, address));
        }
        return new SallyportConfig(
                network.leash().directory().resolve(name).resolve("data"),
                network.authorityLines(),
                List.of(network.dns().hostPort()),
                relays,
                List.of());
    }

    private static List<String> fingerprints(SallyportProcess process) throws IOException, InterruptedException {
        return process.identities().stream()
                .map(SallyportProcess.Identity::fingerprint)
                .toList();
    }

    private void run(PrivateNetwork network, List<Exit> exits, int rounds, int warmUps) throws Exception {
        try (ClientCostPeer peer = ClientCostPeer.start(network)) {
            List<Pair> pairs = new ArrayList<>();
            String guard = network.relays().get(0).fingerprint();
            String middle = network.relays().get(1).fingerprint();
            for (Exit exit : exits.subList(0, 2)) {
                TorNode client = network.addClient(
                        "UseEntryGuards 1",
                        "EntryNodes $" + guard,
                        "MiddleNodes $" + middle,
                        "ExitNodes $" + exit.fingerprints().getFirst(),
                        "StrictNodes 1",
                        "MaxClientCircuitsPending 64");
                Paths ofThree = new Paths(exit.fingerprints(), 3, List.of(guard, middle));
                Paths ofTwo = new Paths(exit.fingerprints(), 2, List.of(guard));
                Way socks = new BySocks(new SocksFetch(client.socks()));
                pairs.add(new Pair(exit, "C tor, SOCKS", client.pid(), () -> 0, socks));
                socks = new BySocks(new SocksFetch(peer.socks(ofThree)));
                pairs.add(new Pair(exit, "ours, SOCKS", peer.pid(), peer::loopSeconds, socks));
                pairs.add(ours(peer, exit, "ours", ofThree));
                pairs.add(ours(peer, exit, "ours, 2 hops", ofTwo));
            }
            for (int hops = 3; hops >= 2; hops--) {
                Paths within = new Paths(exits.getLast().fingerprints(), hops, List.of());
                pairs.add(ours(peer, exits.getLast(), "ours, " + hops + " within", within));
            }
            for (int round = 0; round < warmUps + rounds; round++) {
                for (Pair pair : pairs) {
                    measure(pair, round >= warmUps);
                }
            }
            System.out.printf(
                    "%d rounds of %d MiB, %d streams at once; CPU-seconds per GiB: median (least..most)%n",
                    rounds, bytes >> 20, streams);
            pairs.forEach(pair -> pair.print("down", pair.down));
            pairs.forEach(pair -> pair.print("up", pair.up));
            if (visits > 0) {
                System.out.printf("%d visits of %d bytes, a new circuit each; CPU-milliseconds%n", visits, VISIT_BYTES);
                pairs.forEach(pair -> pair.print("visit", pair.visit));
            }
        }
    }

    private static Pair ours(ClientCostPeer peer, Exit exit, String name, Paths paths) {
        return new Pair(exit, name, peer.pid(), peer::loopSeconds, new InProcess(peer, paths));
    }

    private void measure(Pair pair, boolean counts) throws Exception {
        double perGibibyte = GIBIBYTE / bytes;
        Cost down = pair.time(perGibibyte, () -> pair.way.down(this));
        Cost up = pair.time(perGibibyte, () -> pair.way.up(this));
        System.err.println(pair + (counts ? "" : " (warming up)") + ": down " + down + ", up " + up);
        if (counts) {
            pair.down.add(down);
            pair.up.add(up);
        }
        if (visits > 0) {
            Cost visit = pair.time(1_000.0 / visits, () -> pair.way.visits(this));
            System.err.println(pair + ": visits " + visit);
            if (counts) {
                pair.visit.add(visit);
            }
        }
    }

    private static double cpuSeconds(long pid) {
        return ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElseThrow(() -> new IllegalStateException("process " + pid + " is gone"))
                        .toNanos()
                / NANOS;
    }

    private record Exit(String name, List<String> fingerprints, long pid) {}

    /// Processor time of both in one window, scaled, and how long it took.
    ///
    /// @param loop of the client's, that of our clients' loop; 0 for C tor's
    private record Cost(double client, double loop, double exit, double seconds) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f (loop %.2f) beside %.2f in %.1f s", client, loop, exit, seconds);
        }
    }

    /// A client and the exit it leaves through.
    private static final class Pair {
        private final Exit exit;
        private final String client;
        private final long pid;
        private final Loop loop;
        private final Way way;
        final List<Cost> down = new ArrayList<>();
        final List<Cost> up = new ArrayList<>();
        final List<Cost> visit = new ArrayList<>();

        Pair(Exit exit, String client, long pid, Loop loop, Way way) {
            this.exit = exit;
            this.client = client;
            this.pid = pid;
            this.loop = loop;
            this.way = way;
        }

        Cost time(double scale, Work work) throws Exception {
            double client = cpuSeconds(pid);
            double itsLoop = loop.seconds();
            double relay = cpuSeconds(exit.pid);
            long begin = System.nanoTime();
            work.run();
            double seconds = (System.nanoTime() - begin) / NANOS;
            return new Cost(
                    (cpuSeconds(pid) - client) * scale,
                    (loop.seconds() - itsLoop) * scale,
                    (cpuSeconds(exit.pid) - relay) * scale,
                    seconds);
        }

        void print(String what, List<Cost> costs) {
            List<Double> clients = costs.stream().map(Cost::client).sorted().toList();
            List<Double> loops = costs.stream().map(Cost::loop).sorted().toList();
            List<Double> exits = costs.stream().map(Cost::exit).sorted().toList();
            List<Double> ratios =
                    costs.stream().map(cost -> cost.client / cost.exit).sorted().toList();
            System.out.println(String.format(Locale.ROOT, "%-5s %-9s %-14s", what, exit.name, client)
                    + spread("client", clients)
                    + spread("loop", loops)
                    + spread("exit", exits)
                    + spread("ratio", ratios));
        }

        private static String spread(String name, List<Double> sorted) {
            return String.format(
                    Locale.ROOT,
                    " %s %.2f (%.2f..%.2f)",
                    name,
                    sorted.get(sorted.size() / 2),
                    sorted.getFirst(),
                    sorted.getLast());
        }

        @Override
        public String toString() {
            return exit.name + " <- " + client.strip();
        }
    }

    /// What our clients' loop took so far.
    @FunctionalInterface
    private interface Loop {
        double seconds() throws IOException;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    /// How bytes are moved.
    private interface Way {
        void down(ClientCost run) throws Exception;

        void up(ClientCost run) throws Exception;

        void visits(ClientCost run) throws Exception;
    }

    private static final class BySocks implements Way {
        private final SocksFetch fetch;
        private int names;

        BySocks(SocksFetch fetch) {
            this.fetch = fetch;
        }

        @Override
        public void down(ClientCost run) throws Exception {
            long each = run.bytes / run.streams;
            String sha256 = run.server.sha256(each);
            inParallel(run.streams, run.streams, name -> {
                Fetched got = fetch.as("down" + name).get(run.server.address(), "/bytes/" + each);
                require(got.sha256().equals(sha256));
            });
        }

        @Override
        public void up(ClientCost run) throws Exception {
            long each = run.bytes / run.streams;
            Content content = Content.of(1);
            String expected = each + " " + content.sha256(each) + "\n";
            inParallel(run.streams, run.streams, name -> {
                Fetched got = fetch.as("down" + name).post(run.server.address(), "/sink", content, each);
                require(got.text().equals(expected));
            });
        }

        @Override
        public void visits(ClientCost run) throws Exception {
            int first = names;
            names += run.visits;
            inParallel(run.visits, VISITS_AT_ONCE, name -> {
                Fetched got = fetch.as("visit" + (first + name)).get(run.server.address(), "/bytes/" + VISIT_BYTES);
                require(got.length() == VISIT_BYTES);
            });
        }

        @FunctionalInterface
        private interface Job {
            void of(int number) throws IOException;
        }

        private static void inParallel(int count, int atOnce, Job job) throws Exception {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                tasks.add(() -> {
                    job.of(number);
                    return null;
                });
            }
            try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
                for (Future<Void> done : threads.invokeAll(tasks)) {
                    done.get();
                }
            } catch (ExecutionException e) {
                throw new IOException("a transfer failed: " + e.getCause(), e);
            }
        }

        private static void require(boolean arrivedWhole) throws IOException {
            if (!arrivedWhole) {
                throw new IOException("a transfer did not arrive as it was sent");
            }
        }
    }

    private record InProcess(ClientCostPeer peer, Paths paths) implements Way {
        @Override
        public void down(ClientCost run) throws IOException {
            peer.move("down", paths, where(run), run.streams, run.streams, run.bytes / run.streams);
        }

        @Override
        public void up(ClientCost run) throws IOException {
            peer.move("up", paths, where(run), run.streams, run.streams, run.bytes / run.streams);
        }

        @Override
        public void visits(ClientCost run) throws IOException {
            peer.move("visits", paths, where(run), run.visits, VISITS_AT_ONCE, VISIT_BYTES);
        }

        private static InetSocketAddress where(ClientCost run) {
            return run.server.address();
        }
    }
}
