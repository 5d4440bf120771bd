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
/// Paths lead over relays of C tor. Ours goes through its SOCKS port as C tor's does, or without one, as
/// loads of one process do, over three hops and over two. Arguments: MiB per transfer (default 96), rounds
/// that count (default 3), `fixed` (default) or `vegas`, rounds of warming up (default 2), streams at a time,
/// each on a circuit of its own (default 4), and visits of one kilobyte, each over a new circuit (default 200;
/// only with the exit of ours).
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
                SallyportProcess sallyport = SallyportProcess.start(network.leash(), "sallyport", oneExit(network))) {
            String ours = sallyport.identities().getFirst().fingerprint();
            network.awaitListed(ours, Set.of("Running", "Exit"), PATIENCE);
            TorNode theirs = network.exits().getFirst();
            ClientCost run = new ClientCost(server, mebibytes << 20, streams, visits);
            run.run(
                    network,
                    List.of(
                            new Exit("Sallyport", ours, sallyport.pid()),
                            new Exit("C tor", theirs.fingerprint(), theirs.pid())),
                    rounds,
                    warmUps);
        }
    }

    private static SallyportConfig oneExit(PrivateNetwork network) {
        String address = network.freshAddress();
        return new SallyportConfig(
                network.leash().directory().resolve("sallyport").resolve("data"),
                network.authorityLines(),
                List.of(network.dns().hostPort()),
                List.of(SallyportConfig.Relay.exit("sally", address, OR_PORT, address)),
                List.of());
    }

    private void run(PrivateNetwork network, List<Exit> exits, int rounds, int warmUps) throws Exception {
        try (ClientCostPeer peer = ClientCostPeer.start(network)) {
            List<Pair> pairs = new ArrayList<>();
            for (Exit exit : exits) {
                TorNode client = network.addClient(
                        "ExitNodes $" + exit.fingerprint(), "StrictNodes 1", "MaxClientCircuitsPending 64");
                Way socks = new BySocks(new SocksFetch(client.socks()));
                pairs.add(new Pair(exit, "C tor, SOCKS", client.pid(), socks));
                socks = new BySocks(new SocksFetch(peer.socks(exit.fingerprint())));
                pairs.add(new Pair(exit, "ours, SOCKS", peer.pid(), socks));
                pairs.add(new Pair(exit, "ours, in process", peer.pid(), new InProcess(peer, exit, 3)));
                pairs.add(new Pair(exit, "  over two hops", peer.pid(), new InProcess(peer, exit, 2)));
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

    private record Exit(String name, String fingerprint, long pid) {}

    /// Processor time of both in one window, scaled, and how long it took.
    private record Cost(double client, double exit, double seconds) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f beside %.2f in %.1f s", client, exit, seconds);
        }
    }

    /// A client and the exit it leaves through.
    private static final class Pair {
        private final Exit exit;
        private final String client;
        private final long pid;
        private final Way way;
        final List<Cost> down = new ArrayList<>();
        final List<Cost> up = new ArrayList<>();
        final List<Cost> visit = new ArrayList<>();

        Pair(Exit exit, String client, long pid, Way way) {
            this.exit = exit;
            this.client = client;
            this.pid = pid;
            this.way = way;
        }

        Cost time(double scale, Work work) throws Exception {
            double client = cpuSeconds(pid);
            double relay = cpuSeconds(exit.pid);
            long begin = System.nanoTime();
            work.run();
            double seconds = (System.nanoTime() - begin) / NANOS;
            return new Cost((cpuSeconds(pid) - client) * scale, (cpuSeconds(exit.pid) - relay) * scale, seconds);
        }

        void print(String what, List<Cost> costs) {
            List<Double> clients = costs.stream().map(Cost::client).sorted().toList();
            List<Double> exits = costs.stream().map(Cost::exit).sorted().toList();
            List<Double> ratios =
                    costs.stream().map(cost -> cost.client / cost.exit).sorted().toList();
            System.out.println(String.format(Locale.ROOT, "%-5s %-10s %-18s", what, exit.name, client)
                    + spread("client", clients)
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

    private record InProcess(ClientCostPeer peer, Exit exit, int hops) implements Way {
        @Override
        public void down(ClientCost run) throws IOException {
            peer.move("down", exit.fingerprint(), hops, where(run), run.streams, run.streams, run.bytes / run.streams);
        }

        @Override
        public void up(ClientCost run) throws IOException {
            peer.move("up", exit.fingerprint(), hops, where(run), run.streams, run.streams, run.bytes / run.streams);
        }

        @Override
        public void visits(ClientCost run) throws IOException {
            peer.move("visits", exit.fingerprint(), hops, where(run), run.visits, VISITS_AT_ONCE, VISIT_BYTES);
        }

        private static InetSocketAddress where(ClientCost run) {
            return run.server.address();
        }
    }
}
