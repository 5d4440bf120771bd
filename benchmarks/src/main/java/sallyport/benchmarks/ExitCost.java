package sallyport.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.TestServer;

/// CPU-seconds per GiB of one exit, C tor and ours in turn in one run, through the same client and guard.
///
/// Both speak the same protocol to the same client: tor1 cells and fixed windows where the consensus says
/// `cc_alg=0` (`fixed`), else what both offer, with congestion control (`vegas`). Circuits have two hops,
/// guard and exit. What counts is the CPU time of the exit's process alone, with all its threads; the
/// throughput is that of a chain of four processes on the same cores and says little. Arguments: MiB per
/// transfer (default 128), rounds that count (default 5), `fixed` (default) or `vegas`, and rounds of
/// warming up before them (default 5): an exit runs for months, and the JVM compiles what it runs often
/// during its first gigabyte. Every round is printed, so that what warming up costs shows too.
public final class ExitCost {
    private static final int OR_PORT = 9_001;
    // A new consensus costs a directory cache seconds of the processor: once an hour in the public network, and in ours
    // within every transfer, if it came every 15 s.
    private static final int VOTING_INTERVAL_SECONDS = 120;
    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final double GIBIBYTE = 1 << 30;

    private final PrivateNetwork network;
    private final TestServer server;
    private final long bytes;

    private ExitCost(PrivateNetwork network, TestServer server, long bytes) {
        this.network = network;
        this.server = server;
        this.bytes = bytes;
    }

    public static void main(String[] arguments) throws Exception {
        long mebibytes = arguments.length > 0 ? Long.parseLong(arguments[0]) : 128;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        String windows = arguments.length > 2 ? arguments[2] : "fixed";
        if (!windows.equals("fixed") && !windows.equals("vegas")) {
            throw new IllegalArgumentException("fixed or vegas, not " + windows);
        }
        int warmUps = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 5;
        try (PrivateNetwork network = PrivateNetwork.plan()
                        .relays(3)
                        .exits(1)
                        .onAuthorities(
                                windows.equals("fixed") ? "ConsensusParams cc_alg=0" : "ConsensusParams cc_alg=2")
                        .votingIntervalSeconds(VOTING_INTERVAL_SECONDS)
                        .lifetime(Duration.ofHours(1))
                        .progress(System.err::println)
                        .start();
                TestServer server = TestServer.start(network.freshAddress());
                SallyportProcess sallyport = SallyportProcess.start(network.leash(), "sallyport", oneExit(network))) {
            new ExitCost(network, server, mebibytes << 20).run(sallyport, rounds, warmUps);
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

    private void run(SallyportProcess sallyport, int rounds, int warmUps) throws Exception {
        Identity ours = sallyport.identities().getFirst();
        network.awaitListed(ours.fingerprint(), Set.of("Running", "Exit"), PATIENCE);
        TorNode theirs = network.exits().getFirst();
        List<Contender> contenders = List.of(
                new Contender("C tor", theirs.fingerprint(), () -> cpu(theirs.pid())),
                new Contender("Sallyport", ours.fingerprint(), () -> cpu(sallyport.pid())));
        for (int round = 0; round < warmUps + rounds; round++) {
            for (Contender contender : contenders) {
                contender.measure(this, round >= warmUps);
            }
        }
        System.out.printf(
                "%d rounds of %d MiB; median CPU-seconds per GiB (least..most), MiB/s of the median%n",
                rounds, bytes >> 20);
        contenders.forEach(contender -> System.out.println(contender.report()));
        System.out.printf(
                Locale.ROOT,
                "Sallyport / C tor: download %.2f, upload %.2f%n",
                median(contenders.getLast().down.cpu) / median(contenders.getFirst().down.cpu),
                median(contenders.getLast().up.cpu) / median(contenders.getFirst().up.cpu));
        System.out.printf("Sallyport resident afterwards: %d MiB%n", sallyport.residentBytes() >> 20);
    }

    private static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("process " + pid + " is gone"));
    }

    private static double median(List<Double> figures) {
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /// One transfer.
    private record Cost(double cpuSecondsPerGibibyte, double mebibytesPerSecond) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f at %.0f", cpuSecondsPerGibibyte, mebibytesPerSecond);
        }
    }

    /// What was measured of one direction.
    private static final class Series {
        final List<Double> cpu = new ArrayList<>();
        final List<Double> mebibytesPerSecond = new ArrayList<>();

        void add(Cost cost) {
            cpu.add(cost.cpuSecondsPerGibibyte);
            mebibytesPerSecond.add(cost.mebibytesPerSecond);
        }

        @Override
        public String toString() {
            double[] sorted =
                    cpu.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return String.format(
                    Locale.ROOT,
                    "%.2f (%.2f..%.2f) at %.0f",
                    median(cpu),
                    Arrays.stream(sorted).min().orElse(0),
                    Arrays.stream(sorted).max().orElse(0),
                    median(mebibytesPerSecond));
        }
    }

    private static final class Contender {
        private final String name;
        private final String fingerprint;
        private final Supplier<Duration> cpu;
        private final Series down = new Series();
        private final Series up = new Series();

        Contender(String name, String fingerprint, Supplier<Duration> cpu) {
            this.name = name;
            this.fingerprint = fingerprint;
            this.cpu = cpu;
        }

        void measure(ExitCost run, boolean counts) throws IOException, InterruptedException {
            List<String> path = List.of(run.network.relays().getFirst().fingerprint(), fingerprint);
            try (CircuitDriver driver = run.network.client().drive()) {
                driver.awaitKnown(path, PATIENCE);
                try (DrivenCircuit circuit = driver.build(path, PATIENCE)) {
                    Cost downloaded = time(run.bytes, () -> {
                        Fetched got = circuit.fetch().get(run.server.address(), "/bytes/" + run.bytes);
                        require(got.sha256().equals(run.server.sha256(run.bytes)));
                    });
                    Content content = Content.of(1);
                    Cost uploaded = time(run.bytes, () -> {
                        Fetched got = circuit.fetch().post(run.server.address(), "/sink", content, run.bytes);
                        require(got.text().equals(run.bytes + " " + content.sha256(run.bytes) + "\n"));
                    });
                    if (counts) {
                        down.add(downloaded);
                        up.add(uploaded);
                    }
                    System.err.println(
                            name + (counts ? "" : " (warming up)") + ": down " + downloaded + ", up " + uploaded);
                }
            }
        }

        String report() {
            return String.format(Locale.ROOT, "%-10s download %s   upload %s", name, down, up);
        }

        private Cost time(long bytes, Transfer transfer) throws IOException {
            Duration before = cpu.get();
            long start = System.nanoTime();
            transfer.run();
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Cost(cpu.get().minus(before).toNanos() / 1e9 / (bytes / GIBIBYTE), (bytes >> 20) / seconds);
        }

        private static void require(boolean arrivedWhole) throws IOException {
            if (!arrivedWhole) {
                throw new IOException("a transfer did not arrive as it was sent");
            }
        }
    }

    @FunctionalInterface
    private interface Transfer {
        void run() throws IOException;
    }
}
