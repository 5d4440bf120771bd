package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.TestServer;

/// A C tor client and our exit under congestion control (proposal 324): whole files both ways, and a side that does
/// not read stops the other without loss. The client's own log says what was negotiated and signalled.
class FlowControlInteropIT {
    /// What C tor logs (`info`) of each change of a congestion window. Less of it is also the end of a fingerprint.
    static final String VEGAS = "CC: TOR_VEGAS";

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LISTED = Duration.ofMinutes(3);
    private static final Duration TRANSFER = Duration.ofMinutes(4);
    // Far more than the buffers of all systems and both windows hold.
    private static final int STALLED_BYTES = 128 << 20;
    private static final long STALLED_BYTES_MAX = STALLED_BYTES / 2;
    private static final Duration STALL = Duration.ofSeconds(3);

    private static PrivateNetwork network;
    private static TestServer server;
    private static SallyportProcess sallyport;
    private static String exit;

    @BeforeAll
    static void bringUp() throws Exception {
        network = PrivateNetwork.plan()
                .lifetime(Duration.ofMinutes(30))
                .progress(System.err::println)
                .start();
        server = TestServer.start(network.freshAddress());
        sallyport = FlowControlInteropIT.exitOf(network);
        exit = sallyport.identities().getFirst().fingerprint();
        network.awaitListed(exit, Set.of("Running", "Valid", "Exit"), LISTED);
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

    static SallyportProcess exitOf(PrivateNetwork network) throws Exception {
        String address = network.freshAddress();
        return SallyportProcess.start(
                network.leash(),
                "sallyport",
                new SallyportConfig(
                        network.leash().directory().resolve("sallyport").resolve("data"),
                        network.authorityLines(),
                        List.of(network.dns().hostPort()),
                        List.of(SallyportConfig.Relay.exit("sally1", address, 9_001, address)),
                        List.of()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 498, 1 << 20, 256L << 20})
    void contentArrivesByteExactUnderCongestionControl(long length) throws Exception {
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = build(driver, exit)) {
            long windowUpdates = infos(VEGAS);
            transfer(circuit, server, length);
            if (length >= 1 << 20) {
                // The client keeps a window of its own toward us, whose SENDMEs are ours.
                assertThat(infos(VEGAS)).isGreaterThan(windowUpdates);
            }
        }
        assertThat(complaints()).isEmpty();
    }

    /// XOFF has the client stop, XON go on: not a byte is lost, and the client finds no fault in when they come.
    @Test
    void aServerThatStopsReadingStopsTheClient() throws Exception {
        long stops = infos("Got XOFF!");
        long goes = infos("Got XON: ");
        int length = 64 << 20;
        Content content = Content.of(7);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ServerSocket listener = new ServerSocket(0, 5, InetAddress.ofLiteral(network.freshAddress()));
                CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = build(driver, exit)) {
            Future<String> heard = threads.submit(() -> {
                try (Socket socket = listener.accept()) {
                    await(() -> infos("Got XOFF!") > stops);
                    String digest = digest(socket.getInputStream(), length);
                    socket.getOutputStream().write(digest.length());
                    return digest;
                }
            });
            try (Socket socket =
                    circuit.fetch().open(listener.getInetAddress().getHostAddress(), listener.getLocalPort())) {
                content.writeTo(socket.getOutputStream(), length);
                assertThat(socket.getInputStream().read()).isEqualTo(64);
            }
            assertThat(heard.get(TRANSFER.toSeconds(), TimeUnit.SECONDS)).isEqualTo(content.sha256(length));
            await(() -> infos("Got XON: ") > goes);
        }
        assertThat(complaints()).isEmpty();
    }

    /// The client's XOFF has us stop reading the server, which then fills no memory of ours.
    @Test
    void aClientThatStopsReadingStopsTheServer() throws Exception {
        long stops = infos("Sending XOFF");
        long goes = infos("Sending XON");
        Content content = Content.of(8);
        AtomicLong written = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ServerSocket listener = new ServerSocket(0, 5, InetAddress.ofLiteral(network.freshAddress()));
                CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = build(driver, exit)) {
            Future<@Nullable Void> served = threads.submit(() -> {
                try (Socket socket = listener.accept()) {
                    content.writeTo(new Counted(socket.getOutputStream(), written), STALLED_BYTES);
                }
                return null;
            });
            try (Socket socket =
                    circuit.fetch().open(listener.getInetAddress().getHostAddress(), listener.getLocalPort())) {
                await(() -> infos("Sending XOFF") > stops);
                long before = -1;
                for (long now = written.get(); now != before; now = written.get()) {
                    before = now;
                    Thread.sleep(STALL);
                }
                System.err.printf("the server wrote %d KiB to a client that did not read%n", before >> 10);
                assertThat(before).isBetween(1L, STALLED_BYTES_MAX);
                assertThat(digest(socket.getInputStream(), STALLED_BYTES)).isEqualTo(content.sha256(STALLED_BYTES));
            }
            served.get(TRANSFER.toSeconds(), TimeUnit.SECONDS);
            await(() -> infos("Sending XON") > goes);
        }
        assertThat(complaints()).isEmpty();
    }

    static void transfer(DrivenCircuit circuit, TestServer server, long length) throws IOException {
        Fetched down = circuit.fetch().get(server.address(), "/bytes/" + length);
        assertThat(down.length()).isEqualTo(length);
        assertThat(down.sha256()).isEqualTo(server.sha256(length));
        Content content = Content.of(length);
        Fetched up = circuit.fetch().post(server.address(), "/sink", content, length);
        assertThat(up.text()).isEqualTo(length + " " + content.sha256(length) + "\n");
    }

    private static DrivenCircuit build(CircuitDriver driver, String last) throws Exception {
        List<String> path = List.of(
                network.relays().get(0).fingerprint(), network.relays().get(1).fingerprint(), last);
        driver.awaitKnown(path, PATIENCE);
        return driver.build(path, PATIENCE);
    }

    private static long infos(String text) throws IOException {
        return network.client().infos().stream()
                .filter(line -> line.contains(text))
                .count();
    }

    /// What the client thinks of our signals and acknowledgements.
    private static List<String> complaints() throws IOException {
        return network.client().infos().stream()
                .filter(line -> line.contains("Got extra XO")
                        || line.contains("Got multiple XOFF")
                        || line.contains("malformed XON")
                        || line.contains("nexpected sendme")
                        || line.contains("sendme cell"))
                .toList();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (long end = System.nanoTime() + TRANSFER.toNanos(); !condition.call(); ) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(200);
        }
    }

    private static String digest(InputStream in, int length) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        DataInputStream data = new DataInputStream(in);
        byte[] buffer = new byte[1 << 16];
        for (int left = length; left > 0; left -= Math.min(left, buffer.length)) {
            data.readFully(buffer, 0, Math.min(left, buffer.length));
            digest.update(buffer, 0, Math.min(left, buffer.length));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static final class Counted extends OutputStream {
        private final OutputStream to;
        private final AtomicLong written;

        Counted(OutputStream to, AtomicLong written) {
            this.to = to;
            this.written = written;
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
            written.incrementAndGet();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int part = Math.min(length - done, 1 << 14);
                to.write(bytes, offset + done, part);
                written.addAndGet(part);
                done += part;
            }
        }
    }
}
