package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.ControlClient;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.Forwarder;
import sallyport.lab.traffic.SocksRefusal;
import sallyport.lab.traffic.TestServer;

/// What an operator does to a running process: changes its file, holds it to a rate and a quota, and ends
/// it.
class ReloadInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LISTED = Duration.ofMinutes(3);
    // "Within seconds": what the service manager and the operator wait for.
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final int OR_PORT = 9_001;
    private static final int METRICS_PORT = 9_035;
    private static final String METRICS_TOKEN = "0123456789abcdef";
    private static final int INSIDE_PORT = 9_100;
    private static final long MIB = 1 << 20;

    /// SIGHUP with a policy that refuses the server: new streams are refused, the open one goes on. Then
    /// SIGTERM: the client learns of it, and the exit code is 0.
    @Test
    void aReloadCutsNoStreamAndAStopIsClean() throws Exception {
        try (PrivateNetwork network =
                        PrivateNetwork.plan().progress(System.err::println).start();
                TestServer server = TestServer.start(network.freshAddress())) {
            String address = network.freshAddress();
            String inside = network.freshAddress();
            // All of this behind NAT: what C tor knows of leads to where the relay listens.
            SallyportConfig.Relay relay = SallyportConfig.Relay.exit("sally1", address, OR_PORT, address)
                    .with("listen = \"" + inside + ":" + INSIDE_PORT + "\"");
            try (Forwarder _ = Forwarder.start(
                            address, OR_PORT, new InetSocketAddress(InetAddress.ofLiteral(inside), INSIDE_PORT));
                    SallyportProcess sallyport =
                            SallyportProcess.start(network.leash(), "sallyport", config(network, relay))) {
                Identity exit = sallyport.identities().getFirst();
                network.awaitListed(exit.fingerprint(), Set.of("Running", "Valid", "Exit"), LISTED);
                List<String> path = List.of(
                        network.relays().get(0).fingerprint(),
                        network.relays().get(1).fingerprint(),
                        exit.fingerprint());
                try (CircuitDriver driver = network.client().drive()) {
                    driver.awaitKnown(path, PATIENCE);
                    try (DrivenCircuit circuit = driver.build(path, PATIENCE);
                            Socket open = circuit.fetch().open(server.address().getHostString(), server.port())) {
                        send(open, "GET /source HTTP/1.0\r\n");
                        itIsLookedAt(network, sallyport, exit);
                        itDrainsAndIsCalledBack(sallyport, exit, driver, path);
                        Files.writeString(
                                sallyport.configFile(),
                                config(network, relay.withPolicy("reject *:" + server.port(), "accept *:*"))
                                        .text());
                        sallyport.reload();
                        sallyport.awaitLine(line -> line.contains("exit-policy took effect"), PATIENCE);

                        assertThatThrownBy(() -> circuit.fetch().get(server.address(), "/source"))
                                .isInstanceOf(SocksRefusal.class);
                        assertThat(circuit.awaitStreamEnd(PATIENCE).remoteReason())
                                .isEqualTo("EXITPOLICY");

                        send(open, "\r\n");
                        assertThat(new String(open.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                                .endsWith(address + "\n");
                    }
                }

                aPolicyCuts(network, sallyport, relay, path, server);
                aLimitHolds(network, sallyport, relay, path, server);
                aQuotaEnds(network, sallyport, relay, path, server);

                Files.writeString(sallyport.configFile(), config(network, relay).text());
                sallyport.reload();
                sallyport.awaitLine(line -> line.contains("accounting: the relay works again"), PATIENCE);
                network.awaitListed(exit.fingerprint(), Set.of("Running", "Valid", "Exit"), LISTED);
                try (CircuitDriver driver = network.client().drive();
                        DrivenCircuit circuit = buildAgain(network, driver, exit.fingerprint());
                        Socket first = circuit.fetch().open(server.address().getHostString(), server.port());
                        Socket open = circuit.fetch().open(server.address().getHostString(), server.port())) {
                    send(first, "GET /source HTTP/1.0\r\n");
                    send(open, "GET /source HTTP/1.0\r\n");
                    sallyport.signal("INT");
                    sallyport.awaitLine(line -> line.contains("stopping once the circuits have ended"), PATIENCE);
                    assertThatThrownBy(() -> circuit.fetch().get(server.address(), "/source"))
                            .as("a new stream")
                            .isInstanceOf(SocksRefusal.class);
                    send(first, "\r\n");
                    assertThat(new String(first.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                            .as("of a stream that was open when the relay was asked to stop")
                            .endsWith(address + "\n");
                    assertThat(sallyport.terminate(STOP)).isZero();
                    open.setSoTimeout((int) PATIENCE.toMillis());
                    assertThat(endOf(open)).isEqualTo(-1);
                    assertThat(circuit.awaitClosed(PATIENCE)).isNotBlank();
                }
            }
        }
    }

    /// Where the operator wants it, a policy that refuses the server ends the open stream, and the client
    /// learns why.
    private static void aPolicyCuts(
            PrivateNetwork network,
            SallyportProcess sallyport,
            SallyportConfig.Relay relay,
            List<String> path,
            TestServer server)
            throws Exception {
        SallyportConfig.Relay cutting = relay.with("exit-policy-cuts-streams = true");
        Files.writeString(sallyport.configFile(), config(network, cutting).text());
        sallyport.reload();
        sallyport.awaitLine(line -> line.contains("exit-policy-cuts-streams took effect"), PATIENCE);
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path, PATIENCE);
                Socket open = circuit.fetch().open(server.address().getHostString(), server.port())) {
            open.setSoTimeout((int) PATIENCE.toMillis());
            send(open, "GET /source HTTP/1.0\r\n");
            Files.writeString(
                    sallyport.configFile(),
                    config(network, cutting.withPolicy("reject *:" + server.port(), "accept *:*"))
                            .text());
            sallyport.reload();
            assertThat(circuit.awaitStreamEnd(PATIENCE).remoteReason()).isEqualTo("EXITPOLICY");
            assertThat(endOf(open)).isEqualTo(-1);
        }
    }

    /// The process says of its relay what the consensus says and what it carries, on the control socket
    /// and to Prometheus.
    private static void itIsLookedAt(PrivateNetwork network, SallyportProcess sallyport, Identity exit)
            throws Exception {
        Config relay = shown(sallyport, exit);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!relay.getStringList("consensus.flags").contains("Exit")) {
            assertThat(System.nanoTime())
                    .as("it has not heard of the consensus")
                    .isLessThan(end);
            Thread.sleep(500);
            relay = shown(sallyport, exit);
        }
        assertThat(relay.getString("state")).isEqualTo("published");
        assertThat(relay.getString("fingerprint")).isEqualTo(exit.fingerprint());
        assertThat(relay.getInt("load.circuits")).isPositive();
        assertThat(relay.getInt("load.streams")).isPositive();

        Instant seen = Instant.parse(relay.getString("first_seen"));
        assertThat(seen).isAfter(Instant.parse(relay.getString("first_seen_not_before")));
        assertThat(Files.readAllLines(
                        network.leash().directory().resolve("sallyport/data/relays/" + exit.id() + "/state")))
                .contains("SallyportFirstListed " + seen);

        String address = relay.getStringList("addresses").getFirst().replaceFirst(":.*", "");
        MetricsPage page = MetricsPage.of(address, METRICS_PORT, "Bearer " + METRICS_TOKEN);
        MetricsParity.holds(page, torsMetrics(network.relays().getFirst()));
        assertThat(page.text())
                .contains("tor_relay_flag{relay=\"" + exit.id() + "\",type=\"Exit\"} 1\n")
                .containsPattern("tor_relay_streams_total\\{relay=\"" + exit.id() + "\",type=\"BEGIN\"} [1-9]")
                .containsPattern("tor_relay_load_onionskins_total\\{relay=\"" + exit.id()
                        + "\",type=\"ntor(_v3)?\",action=\"processed\"} [1-9]");
    }

    private static Config shown(SallyportProcess sallyport, Identity exit) throws Exception {
        return ConfigFactory.parseString(sallyport.verb("relay", "show", exit.id(), "--json"))
                .getConfigList("relays")
                .getFirst();
    }

    /// While it drains it takes no circuit; called back, it does. A stream that it refused meanwhile
    /// would have the client avoid it until the next consensus, so none is tried.
    private static void itDrainsAndIsCalledBack(
            SallyportProcess sallyport, Identity exit, CircuitDriver driver, List<String> path) throws Exception {
        sallyport.verb("relay", "drain", exit.id(), "--within", "3600");
        sallyport.awaitLine(line -> line.contains("state: draining"), PATIENCE);
        assertThatThrownBy(() -> driver.build(path, PATIENCE)).isInstanceOf(IOException.class);
        sallyport.verb("relay", "start", exit.id());
        sallyport.awaitLine(line -> line.contains("state: published, was bootstrapping"), PATIENCE);
        driver.build(path, PATIENCE).close();
    }

    private static MetricsPage torsMetrics(TorNode relay) throws Exception {
        String address = relay.place().address();
        try (ControlClient control = relay.control()) {
            control.setConf("MetricsPort=" + address + ":" + METRICS_PORT, "MetricsPortPolicy=\"accept 127.0.0.0/8\"");
        }
        return MetricsPage.of(address, METRICS_PORT, "");
    }

    /// A download through a relay of 1 MiB a second takes its time, and the authorities know what the
    /// relay promises.
    private static void aLimitHolds(
            PrivateNetwork network,
            SallyportProcess sallyport,
            SallyportConfig.Relay relay,
            List<String> path,
            TestServer server)
            throws Exception {
        SallyportConfig.Relay limited =
                relay.with("bandwidth { rate = 1 MiB, burst = 1 MiB, advertised-max = 512 KiB }");
        Files.writeString(sallyport.configFile(), config(network, limited).text());
        sallyport.reload();
        sallyport.awaitLine(line -> line.contains("bandwidth took effect"), PATIENCE);
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path, PATIENCE)) {
            long begin = System.nanoTime();
            Fetched fetched = circuit.fetch().get(server.address(), "/bytes/" + 4 * MIB);
            assertThat(fetched.length()).isEqualTo(4 * MIB);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(2_900));
        }
        awaitDescriptor(network, path.getLast(), "\nbandwidth 524288 1048576 ");
    }

    /// A relay whose quota is used up closes everything, and the authorities know that it sleeps.
    private static void aQuotaEnds(
            PrivateNetwork network,
            SallyportProcess sallyport,
            SallyportConfig.Relay relay,
            List<String> path,
            TestServer server)
            throws Exception {
        SallyportConfig.Relay metered = relay.with("accounting { max = 10 MiB, rule = out }");
        Files.writeString(sallyport.configFile(), config(network, metered).text());
        sallyport.reload();
        sallyport.awaitLine(line -> line.contains("accounting took effect"), PATIENCE);
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path, PATIENCE);
                Socket open = circuit.fetch().open(server.address().getHostString(), server.port())) {
            open.setSoTimeout((int) PATIENCE.toMillis());
            send(open, "GET /bytes/" + 1024 * MIB + " HTTP/1.0\r\n\r\n");
            assertThat(open.getInputStream().transferTo(OutputStream.nullOutputStream()))
                    .isBetween(5 * MIB, 1023 * MIB);
            assertThat(circuit.awaitClosed(PATIENCE)).isNotBlank();
        }
        sallyport.awaitLine(line -> line.contains("accounting: the relay sleeps until"), PATIENCE);
        awaitDescriptor(network, path.getLast(), "\nhibernating 1\n");
        assertThat(descriptor(network, path.getLast())).contains("\nbandwidth 1073741824 1073741824 0\n");
    }

    /// A relay that tried to reach the sleeping one does not try again for a minute.
    private static DrivenCircuit buildAgain(PrivateNetwork network, CircuitDriver driver, String exit)
            throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int i = 0; ; i++) {
            List<String> path = List.of(
                    network.relays().get(i % 3).fingerprint(),
                    network.relays().get((i + 1) % 3).fingerprint(),
                    exit);
            try {
                return driver.build(path, PATIENCE);
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(1000);
            }
        }
    }

    private static void awaitDescriptor(PrivateNetwork network, String fingerprint, String part) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!descriptor(network, fingerprint).contains(part)) {
            assertThat(System.nanoTime())
                    .as("the authority has not heard of %s", part)
                    .isLessThan(end);
            Thread.sleep(500);
        }
    }

    /// What an authority has of the relay.
    private static String descriptor(PrivateNetwork network, String fingerprint) throws Exception {
        String line = network.authorityLines().getFirst();
        String directory = Arrays.stream(line.split(" ", -1))
                .filter(word -> word.matches("[0-9.]+:[0-9]+"))
                .findFirst()
                .orElseThrow();
        try (InputStream in = URI.create("http://" + directory + "/tor/server/fp/" + fingerprint)
                .toURL()
                .openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int endOf(Socket socket) throws Exception {
        try (InputStream in = socket.getInputStream()) {
            return in.read();
        }
    }

    private static void send(Socket socket, String text) throws Exception {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static SallyportConfig config(PrivateNetwork network, SallyportConfig.Relay relay) throws IOException {
        Path token = network.leash().directory().resolve("metrics.token");
        if (!Files.exists(token)) {
            Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(token, METRICS_TOKEN);
        }
        return new SallyportConfig(
                network.leash().directory().resolve("sallyport").resolve("data"),
                network.authorityLines(),
                List.of(network.dns().hostPort()),
                List.of(relay),
                List.of("process.metrics { listen = \"" + relay.address() + ":" + METRICS_PORT + "\", token-file = \""
                        + token + "\" }"));
    }
}
