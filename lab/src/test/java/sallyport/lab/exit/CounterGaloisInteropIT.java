package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.TestServer;

/// A C tor client and counter galois onion (proposal 359) with us in every place of a path, alone and among relays of
/// C tor. `-Dsallyport.lab.bytes=1073741824 -Dsallyport.lab.paths=SSS,TST` moves a GiB each way along two paths, where
/// a few MiB along all are enough every day.
///
/// C tor logs nothing of it. Its control port shows what it sends and finds in cells ([CircuitBandwidth]), for the hop
/// where a stream leaves; and no cell passes a hop whose two ends disagree. The first hop is none where it lets a
/// stream leave. There its own consensus says that it asks for counter galois onion, and an onion skin whose request
/// the relay did not take over makes no circuit.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CounterGaloisInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LISTED = Duration.ofMinutes(4);
    private static final long LENGTH = Long.getLong("sallyport.lab.bytes", 16L << 20);
    private static final long PROBE_LENGTH = 2L << 20;
    /// The most data of one cell.
    private static final int DATA_MAX = 488;
    /// Of some cells an exit leaves 20 bytes random, and the others are BEGIN, SENDME and the like: one in 31.
    private static final int DATA_MEAN_MIN = 465;

    private PrivateNetwork network;
    private TestServer server;
    private SallyportProcess sallyport;
    private List<String> ours;
    private List<String> theirs;
    private CircuitDriver driver;
    private CircuitBandwidth bandwidth;

    /// Paths by who stands where: S is a relay of ours, T one of C tor.
    enum Path {
        SSS,
        TTS,
        TST,
        STT,
        SST,
        STS,
        TSS
    }

    @BeforeAll
    void bringUp() throws Exception {
        network = PrivateNetwork.plan()
                .exits(1)
                .lifetime(Duration.ofMinutes(60))
                .progress(System.err::println)
                .start();
        server = TestServer.start(network.freshAddress());
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            String address = network.freshAddress();
            relays.add(SallyportConfig.Relay.exit("sally" + i, address, 9_000 + i, address));
        }
        sallyport = SallyportProcess.start(
                network.leash(),
                "sallyport",
                new SallyportConfig(
                        network.leash().directory().resolve("sallyport").resolve("data"),
                        network.authorityLines(),
                        List.of(network.dns().hostPort()),
                        relays,
                        List.of()));
        ours = sallyport.identities().stream().map(Identity::fingerprint).toList();
        theirs = new ArrayList<>();
        for (TorNode node : List.of(
                network.relays().get(0),
                network.relays().get(1),
                network.exits().getFirst())) {
            theirs.add(node.fingerprint());
        }
        for (String relay : ours) {
            network.awaitListed(relay, Set.of("Running", "Valid", "Exit"), LISTED);
        }
        // Before they know one another from the consensus, an exit takes its previous hop for a client.
        for (int i = 1; i <= 3; i++) {
            String listed = "sally" + i + " listed in the consensus";
            sallyport.awaitLine(line -> line.contains(listed), LISTED);
        }
        driver = network.client().drive();
        driver.awaitKnown(ours, PATIENCE);
        bandwidth = new CircuitBandwidth(network.client().control());
    }

    @AfterAll
    void takeDown() throws Exception {
        if (driver != null) {
            driver.close();
        }
        if (bandwidth != null) {
            bandwidth.close();
        }
        if (sallyport != null) {
            System.err.println(String.join("\n", sallyport.lines()));
            sallyport.close();
        }
        if (server != null) {
            server.close();
        }
        if (network != null) {
            network.close();
        }
    }

    /// What decides over the client's requests: the consensus as the client has it.
    @Test
    void theClientKnowsThatWeCan() throws IOException, InterruptedException {
        String consensus = driver.control().info("dir/status-vote/current/consensus-microdesc");
        for (int i = 1; i <= 3; i++) {
            String entry = consensus.substring(consensus.indexOf("\nr sally" + i + " "));
            String line = entry.substring(entry.indexOf("\npr ") + 1)
                    .lines()
                    .findFirst()
                    .orElseThrow();
            assertThat(List.of(line.split(" "))).contains("FlowCtrl=1-2", "Relay=2-6");
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void contentArrivesByteExact(Path path) throws Exception {
        try (DrivenCircuit circuit = driver.build(hops(path), PATIENCE)) {
            bandwidth.take(circuit.id());
            if (path.name().charAt(1) == 'S') {
                moveBothWays(circuit, circuit.fetchAt(2), PROBE_LENGTH);
            }
            moveBothWays(circuit, circuit.fetch(), LENGTH);
        }
        assertThat(sallyport.lines()).noneMatch(line -> line.contains("our own bug"));
    }

    static List<Path> paths() {
        String names = System.getProperty("sallyport.lab.paths", "");
        return names.isEmpty()
                ? List.of(Path.values())
                : Stream.of(names.split(",")).map(Path::valueOf).toList();
    }

    private void moveBothWays(DrivenCircuit circuit, SocksFetch fetch, long length) throws Exception {
        long started = System.nanoTime();
        Fetched down = fetch.get(server.address(), "/bytes/" + length);
        assertThat(down.length()).isEqualTo(length);
        assertThat(down.sha256()).isEqualTo(server.sha256(length));
        long turned = System.nanoTime();
        CircuitBandwidth.Sum read = bandwidth.take(circuit.id());
        assertThat(read.readBytes()).isGreaterThanOrEqualTo(length);
        assertThat(read.readBytesPerCell()).isBetween((double) DATA_MEAN_MIN, (double) DATA_MAX);

        Content content = Content.of(length);
        long turnedAgain = System.nanoTime();
        assertThat(fetch.post(server.address(), "/sink", content, length).text())
                .isEqualTo(length + " " + content.sha256(length) + "\n");
        long ended = System.nanoTime();
        CircuitBandwidth.Sum written = bandwidth.take(circuit.id());
        assertThat(written.writtenBytes()).isGreaterThanOrEqualTo(length);
        assertThat(written.writtenBytesPerCell()).isBetween((double) DATA_MEAN_MIN, (double) DATA_MAX);
        System.err.printf(
                "%s: %d bytes down in %.1f s, %.1f in a cell; up in %.1f s, %.1f in a cell%n",
                circuit.token(),
                length,
                (turned - started) / 1e9,
                read.readBytesPerCell(),
                (ended - turnedAgain) / 1e9,
                written.writtenBytesPerCell());
    }

    /// The exit of C tor comes last, where it is needed.
    private List<String> hops(Path path) {
        List<String> hops = new ArrayList<>();
        for (int i = 0; i < path.name().length(); i++) {
            hops.add((path.name().charAt(i) == 'S' ? ours : theirs).get(i));
        }
        return hops;
    }
}
