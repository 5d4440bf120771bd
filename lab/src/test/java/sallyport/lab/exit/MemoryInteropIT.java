package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.TestServer;

/// What the relays of one process share, as clients of C tor find it. Memory: somebody opens many downloads and reads
/// none, the process stays within what it was given, and whoever does read goes on. Bandwidth: each of two that are
/// busy has half, and one that is alone has all.
class MemoryInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LONG_PATIENCE = Duration.ofMinutes(4);
    private static final int OR_PORT = 9_001;
    private static final int LIMIT_MIB = 16;
    // Every stream that is not read holds one input buffer at the exit, about 16 KiB.
    private static final int BUFFER_BYTES = 16 << 10;
    private static final int CIRCUITS = 8;
    private static final int STREAMS = 200;
    private static final int OPENING_AT_ONCE = 50;
    private static final long MIB = 1 << 20;
    private static final Duration WINDOW = Duration.ofSeconds(6);

    private static PrivateNetwork network;
    private static TestServer server;
    private static SallyportConfig config;
    private static SallyportProcess sallyport;
    private static Identity exit;
    private static Identity second;

    private final Queue<Socket> unread = new ConcurrentLinkedQueue<>();
    private final AtomicInteger serving = new AtomicInteger();

    @BeforeAll
    static void bringUp() throws Exception {
        network = PrivateNetwork.plan().progress(System.err::println).start();
        server = TestServer.start(network.freshAddress());
        config = new SallyportConfig(
                network.leash().directory().resolve("sallyport").resolve("data"),
                network.authorityLines(),
                List.of(network.dns().hostPort()),
                List.of(relay("sally1"), relay("sally2")),
                List.of("process.memory-in-queues-max = " + LIMIT_MIB + " MiB"));
        sallyport = SallyportProcess.start(network.leash(), "sallyport", config, "-Xmx256m");
        exit = sallyport.identities().getFirst();
        second = sallyport.identities().getLast();
        for (Identity relay : List.of(exit, second)) {
            network.awaitListed(relay.fingerprint(), Set.of("Running", "Valid", "Fast", "Exit"), LONG_PATIENCE);
        }
    }

    private static SallyportConfig.Relay relay(String nickname) {
        return SallyportConfig.Relay.exit(nickname, network.freshAddress(), OR_PORT, network.freshAddress());
    }

    @AfterAll
    static void takeDown() throws Exception {
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

    @Test
    void downloadsThatNobodyReadsStayWithinTheLimit() throws Exception {
        List<DrivenCircuit> circuits = new ArrayList<>();
        try (ServerSocket endless = new ServerSocket(0, 1_024, InetAddress.ofLiteral(network.freshAddress()));
                CircuitDriver driver = network.client().drive();
                DrivenCircuit neighbour = driver.build(pathTo(exit), PATIENCE)) {
            Thread.startVirtualThread(() -> serveForEver(endless));
            fetchWhole(neighbour);
            long before = sallyport.residentBytes();
            long most = before;
            for (int i = 0; i < CIRCUITS; i++) {
                DrivenCircuit circuit = driver.build(pathTo(exit), PATIENCE);
                circuits.add(circuit);
                open(circuit, endless);
                fetchWhole(neighbour);
                most = Math.max(most, sallyport.residentBytes());
            }
            sallyport.awaitLine(line -> line.contains("memory in queues is short"), PATIENCE);
            // The circuits that waited longest have ended, and with them their connections to the server.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(serving.get()).isLessThan((int) (LIMIT_MIB * MIB / BUFFER_BYTES)));
            fetchWhole(neighbour);
            most = Math.max(most, sallyport.residentBytes());
            System.err.printf(
                    "%d downloads unread, %d still served; RSS %d MiB before, %d MiB at most%n",
                    CIRCUITS * STREAMS, serving.get(), before / MIB, most / MIB);
            assertThat(most - before).isLessThan(128 * MIB);
        } finally {
            for (Socket socket : unread) {
                socket.close();
            }
            for (DrivenCircuit circuit : circuits) {
                circuit.close();
            }
        }
    }

    private void open(DrivenCircuit circuit, ServerSocket endless) throws Exception {
        Semaphore opening = new Semaphore(OPENING_AT_ONCE);
        String host = endless.getInetAddress().getHostAddress();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < STREAMS; i++) {
                all.add(threads.submit(() -> {
                    opening.acquire();
                    try {
                        Socket socket = circuit.fetch().open(host, endless.getLocalPort());
                        unread.add(socket);
                        socket.getOutputStream().write("GET\n".getBytes(StandardCharsets.US_ASCII));
                    } finally {
                        opening.release();
                    }
                    return null;
                }));
            }
        }
        for (Future<?> one : all) {
            one.get();
        }
    }

    private void fetchWhole(DrivenCircuit circuit) throws IOException {
        Fetched fetched = circuit.fetch().get(server.address(), "/bytes/" + MIB);
        assertThat(fetched.sha256()).isEqualTo(server.sha256(MIB));
    }

    private void serveForEver(ServerSocket listener) {
        byte[] block = new byte[64 * 1024];
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.startVirtualThread(() -> {
                    serving.incrementAndGet();
                    try (socket) {
                        while (true) {
                            socket.getOutputStream().write(block);
                        }
                    } catch (IOException closedByTheExit) {
                        serving.decrementAndGet();
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }

    /// One limit, two relays: max-min fair.
    @Test
    void twoRelaysShareOneRateAndOneAloneHasAllOfIt() throws Exception {
        follow("process.bandwidth { rate = 1 MiB, burst = 1 MiB }");
        try (CircuitDriver driver = network.client().drive()) {
            driver.awaitKnown(pathTo(second), PATIENCE);
            try (DrivenCircuit one = driver.build(pathTo(exit), PATIENCE);
                    DrivenCircuit other = driver.build(pathTo(second), PATIENCE)) {
                Download first = Download.begin(one, server);
                Download last = Download.begin(other, server);
                // What was there at once is gone, and what follows is the rate.
                first.await(MIB);
                last.await(MIB);
                long[] both = readWithinAWindow(first, last);
                other.close();
                long[] alone = readWithinAWindow(first, last);
                System.err.printf(
                        "one rate of 1 MiB/s, %d s: %d and %d KiB together, then %d KiB alone%n",
                        WINDOW.toSeconds(), both[0] >> 10, both[1] >> 10, alone[0] >> 10);
                assertThat((double) both[0] / both[1]).as("of the two").isBetween(0.6, 1 / 0.6);
                assertThat((double) alone[0] / both[0]).as("of alone to half").isBetween(1.4, 2.8);
                assertThat(both[0] + both[1]).as("of all to the rate").isLessThan(2 * WINDOW.toSeconds() * MIB);
            }
        } finally {
            follow();
        }
    }

    private static void follow(String... more) throws Exception {
        List<String> lines = new ArrayList<>(config.more());
        lines.addAll(List.of(more));
        Files.writeString(
                sallyport.configFile(),
                new SallyportConfig(
                                config.dataDirectory(),
                                config.authorityLines(),
                                config.resolvers(),
                                config.relays(),
                                lines)
                        .text());
        long before = sallyport.lines().stream()
                .filter(MemoryInteropIT::tellsOfTheRate)
                .count();
        sallyport.reload();
        await().atMost(PATIENCE)
                .until(() -> sallyport.lines().stream()
                                .filter(MemoryInteropIT::tellsOfTheRate)
                                .count()
                        > before);
    }

    private static boolean tellsOfTheRate(String line) {
        return line.contains("process.bandwidth took effect");
    }

    /// How many bytes each read.
    private static long[] readWithinAWindow(Download... downloads) {
        long[] before = Stream.of(downloads).mapToLong(Download::read).toArray();
        await().pollDelay(WINDOW).atMost(WINDOW.multipliedBy(2)).until(() -> true);
        long[] after = Stream.of(downloads).mapToLong(Download::read).toArray();
        for (int i = 0; i < after.length; i++) {
            after[i] -= before[i];
        }
        return after;
    }

    /// Reads as fast as it can, for as long as its circuit stands.
    private record Download(AtomicLong bytes) {
        static Download begin(DrivenCircuit circuit, TestServer server) throws IOException {
            Socket socket = circuit.fetch().open(server.address().getHostString(), server.port());
            socket.getOutputStream()
                    .write(("GET /bytes/" + 1024 * MIB + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            Download download = new Download(new AtomicLong());
            Thread.startVirtualThread(() -> {
                byte[] piece = new byte[16 << 10];
                try (socket) {
                    for (int n = 0; n >= 0; n = socket.getInputStream().read(piece)) {
                        download.bytes.addAndGet(n);
                    }
                } catch (IOException itsCircuitHasEnded) {
                    // Whoever counts sees that nothing comes any more.
                }
            });
            return download;
        }

        long read() {
            return bytes.get();
        }

        void await(long count) {
            Awaitility.await().atMost(PATIENCE).until(() -> read() >= count);
        }
    }

    private static List<String> pathTo(Identity relay) throws Exception {
        return List.of(
                network.relays().get(0).fingerprint(), network.relays().get(1).fingerprint(), relay.fingerprint());
    }
}
