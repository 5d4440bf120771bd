package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

/// A C tor client whose user opens many downloads and reads none: our process stays within what it was given, and
/// whoever does read goes on.
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

    private static PrivateNetwork network;
    private static TestServer server;
    private static SallyportProcess sallyport;
    private static Identity exit;

    private final Queue<Socket> unread = new ConcurrentLinkedQueue<>();
    private final AtomicInteger serving = new AtomicInteger();

    @BeforeAll
    static void bringUp() throws Exception {
        network = PrivateNetwork.plan().progress(System.err::println).start();
        server = TestServer.start(network.freshAddress());
        sallyport = SallyportProcess.start(
                network.leash(),
                "sallyport",
                new SallyportConfig(
                        network.leash().directory().resolve("sallyport").resolve("data"),
                        network.authorityLines(),
                        List.of(network.dns().hostPort()),
                        List.of(SallyportConfig.Relay.exit(
                                "sally1", network.freshAddress(), OR_PORT, network.freshAddress())),
                        List.of("process.memory-in-queues-max = " + LIMIT_MIB + " MiB")),
                "-Xmx256m");
        exit = sallyport.identities().getFirst();
        network.awaitListed(exit.fingerprint(), Set.of("Running", "Valid", "Fast", "Exit"), LONG_PATIENCE);
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
                DrivenCircuit neighbour = driver.build(pathToExit(), PATIENCE)) {
            Thread.startVirtualThread(() -> serveForEver(endless));
            fetchWhole(neighbour);
            long before = sallyport.residentBytes();
            long most = before;
            for (int i = 0; i < CIRCUITS; i++) {
                DrivenCircuit circuit = driver.build(pathToExit(), PATIENCE);
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

    private static List<String> pathToExit() throws Exception {
        return List.of(
                network.relays().get(0).fingerprint(), network.relays().get(1).fingerprint(), exit.fingerprint());
    }
}
