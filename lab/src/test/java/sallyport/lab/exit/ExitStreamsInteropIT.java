package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.ControlClient;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.control.StreamEnd;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.SocksRefusal;
import sallyport.lab.traffic.TestDns;
import sallyport.lab.traffic.TestServer;

/// What a C tor client hears of streams that do not simply work, of names, of IPv6, and where our connections come
/// from. [FirstExitInteropIT] has the streams that work.
class ExitStreamsInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LISTED = Duration.ofMinutes(4);
    // Linux repeats a SYN six times (tcp_syn_retries) and gives up after 127 s.
    private static final Duration SYN_TIMEOUT = Duration.ofSeconds(240);
    private static final int OR_PORT = 9_001;
    private static final int REFUSED_PORT = 8_124;

    private static PrivateNetwork network;
    private static TestServer server;
    private static TestServer server6;
    private static SallyportProcess sallyport;
    private static SallyportProcess deceived;
    private static TestDns liar;
    private static Identity exit;
    private static Identity deceivedExit;
    private static String exitSource;
    private static String linkSource;
    private static String address;
    private static CompletableFuture<StreamEnd> timedOut;

    @BeforeAll
    static void bringUp() throws Exception {
        network = PrivateNetwork.plan()
                .lifetime(Duration.ofMinutes(25))
                .progress(System.err::println)
                .start();
        server = TestServer.start(network.freshAddress());
        server6 = TestServer.start("::1");
        address = network.freshAddress();
        exitSource = network.freshAddress();
        linkSource = network.freshAddress();
        sallyport = start(
                "sallyport",
                network.dns().hostPort(),
                SallyportConfig.Relay.exit("sally1", address, OR_PORT, exitSource)
                        .withPolicy("reject *:" + REFUSED_PORT, "accept *:*")
                        .with(
                                "outbound-bind-address-exit = [\"" + exitSource + "\", \"::1\"]",
                                "outbound-bind-address-or = \"" + linkSource + "\""));
        exit = sallyport.identities().getFirst();
        liar = TestDns.start(network.freshAddress(), 0).hijack("192.0.2.66");
        deceived = start(
                "deceived",
                liar.hostPort(),
                SallyportConfig.Relay.exit("sally2", network.freshAddress(), OR_PORT, exitSource));
        deceivedExit = deceived.identities().getFirst();
        network.awaitListed(exit.fingerprint(), Set.of("Running", "Valid", "Exit"), LISTED);
        timedOut = fillTheBacklogOfAServer();
    }

    private static SallyportProcess start(String name, String resolver, SallyportConfig.Relay relay)
            throws IOException {
        return SallyportProcess.start(
                network.leash(),
                name,
                new SallyportConfig(
                        network.leash().directory().resolve(name).resolve("data"),
                        network.authorityLines(),
                        List.of(resolver),
                        List.of(relay),
                        List.of("resolver-test-names = [\"www.example.org\", \"www.example.net\"]")));
    }

    /// Takes two minutes, so it goes on beside the other tests, with a client that is patient enough.
    private static CompletableFuture<StreamEnd> fillTheBacklogOfAServer() throws Exception {
        TorNode patient = network.addClient("CircuitStreamTimeout 600", "SocksTimeout 600");
        CompletableFuture<StreamEnd> end = new CompletableFuture<>();
        Thread.ofVirtual().name("backlog").start(() -> {
            try (ServerSocket full = new ServerSocket(0, 1, server.address().getAddress());
                    Socket first = new Socket();
                    Socket second = new Socket();
                    CircuitDriver driver = patient.drive();
                    DrivenCircuit circuit = driver.build(path(exit), PATIENCE)) {
                first.connect(full.getLocalSocketAddress());
                second.connect(full.getLocalSocketAddress());
                Thread.ofVirtual().start(() -> {
                    try {
                        circuit.fetch()
                                .open(server.address().getHostString(), full.getLocalPort())
                                .close();
                    } catch (IOException refused) {
                        return;
                    }
                });
                end.complete(circuit.awaitStreamEnd(SYN_TIMEOUT));
            } catch (IOException | InterruptedException e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    @AfterAll
    static void takeDown() throws Exception {
        for (SallyportProcess process : new SallyportProcess[] {sallyport, deceived}) {
            if (process != null) {
                System.err.println(String.join("\n", process.lines()));
                process.close();
            }
        }
        for (AutoCloseable one : new AutoCloseable[] {server, server6, liar, network}) {
            if (one != null) {
                one.close();
            }
        }
    }

    @Test
    void aServerThatResetsIsAReset() throws Exception {
        try (ServerSocket resetting = new ServerSocket(0, 5, server.address().getAddress());
                CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path(exit), PATIENCE)) {
            Thread.ofVirtual().start(() -> {
                try (Socket accepted = resetting.accept()) {
                    accepted.getInputStream().read();
                    accepted.setSoLinger(true, 0);
                } catch (IOException closed) {
                    return;
                }
            });
            try (Socket socket = circuit.fetch().open(server.address().getHostString(), resetting.getLocalPort())) {
                socket.getOutputStream().write(1);
                assertThat(circuit.awaitStreamEnd(PATIENCE).remoteReason()).isEqualTo("CONNRESET");
            }
        }
    }

    @Test
    void aServerThatEndsIsDone() throws Exception {
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path(exit), PATIENCE)) {
            circuit.fetch().get(server.address(), "/bytes/10");
            assertThat(circuit.awaitStreamEnd(PATIENCE).remoteReason()).isEqualTo("DONE");
        }
    }

    @Test
    void aServerWhoseBacklogIsFullIsATimeout() throws Exception {
        assertThat(timedOut.get(SYN_TIMEOUT.toSeconds() + 30, TimeUnit.SECONDS).remoteReason())
                .isEqualTo("TIMEOUT");
    }

    @Test
    void namesThatFailOrAreRefusedSaySo() throws Exception {
        network.dns()
                .fail("broken.example", TestDns.SERVFAIL)
                .silence("silent.example")
                .put("none.example")
                .put("refused.example", server.address().getHostString());
        assertThat(refusal("broken.example", 80)).isEqualTo("RESOLVEFAILED");
        // Again: C tor leaves a BEGIN unanswered whose name it remembers to have failed for a passing reason.
        assertThat(refusal("broken.example", 80)).isEqualTo("RESOLVEFAILED");
        assertThat(refusal("silent.example", 80)).isEqualTo("RESOLVEFAILED");
        assertThat(refusal("none.example", 80)).isEqualTo("RESOLVEFAILED");
        assertThat(refusal("refused.example", REFUSED_PORT)).isEqualTo("EXITPOLICY");
    }

    /// exit_dns_timeout and exit_dns_num_attempts: the second of two questions, a second later, is answered.
    @Test
    void aNameServerThatIsSlowIsAskedAgain() throws Exception {
        network.dns().silence("slow.example");
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path(exit), PATIENCE)) {
            CompletableFuture<String> fetched = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    fetched.complete(circuit.fetch()
                            .get("slow.example", server.port(), "/bytes/10")
                            .sha256());
                } catch (IOException e) {
                    fetched.completeExceptionally(e);
                }
            });
            while (network.dns().questionsFor("slow.example") == 0) {
                assertThat(fetched).isNotDone();
                Thread.sleep(20);
            }
            network.dns().put("slow.example", server.address().getHostString());
            assertThat(fetched.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(server.sha256(10));
        }
    }

    @Test
    void resolvesNamesAndAddressesOfBothFamilies() throws Exception {
        network.dns()
                .put("four.example", "192.0.2.4")
                .put("both.example", "192.0.2.5", "2001:db8::5")
                .pointer("192.0.2.4", "four.example")
                .pointer("2001:db8::6", "six.example");
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path(exit), PATIENCE)) {
            assertThat(circuit.fetch().resolve("four.example")).isEqualTo(InetAddress.ofLiteral("192.0.2.4"));
            assertThat(circuit.fetch().resolve("both.example")).isEqualTo(InetAddress.ofLiteral("192.0.2.5"));
            assertThat(circuit.fetch().resolvePtr("192.0.2.4")).isEqualTo("four.example");
            assertThat(circuit.fetch().resolvePtr("2001:db8::6")).isEqualTo("six.example");
            assertThatThrownBy(() -> circuit.fetch().resolve("absent.example")).isInstanceOf(SocksRefusal.class);
        }
    }

    @Test
    void ipv6ServersAreReachedByAddressAndByNameFromTheirOwnSource() throws Exception {
        network.dns().put("six.example", "::1");
        server6.forgetSources();
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path(exit), PATIENCE)) {
            for (String host : List.of("::1", "six.example")) {
                String seen = circuit.fetch()
                        .get(host, server6.port(), "/source")
                        .text()
                        .strip();
                assertThat(InetAddress.ofLiteral(seen)).isEqualTo(InetAddress.ofLiteral("::1"));
                assertThat(circuit.fetch()
                                .get(host, server6.port(), "/bytes/100000")
                                .sha256())
                        .isEqualTo(server6.sha256(100_000));
            }
        }
    }

    /// Servers see one address, relays another, nobody the ORPort's; the kernel's table tells who is connected.
    @Test
    void linksLeaveFromTheirOwnAddress() throws Exception {
        TorNode next = network.relays().get(2);
        List<String> throughUs = List.of(network.relays().get(0).fingerprint(), exit.fingerprint(), next.fingerprint());
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit _ = driver.build(throughUs, PATIENCE)) {
            List<String> peers = peersOf(
                    new InetSocketAddress(next.place().address(), next.place().orPort()));
            assertThat(peers).contains(linkSource).doesNotContain(exitSource, address);
        }
        server.forgetSources();
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path(exit), PATIENCE)) {
            circuit.fetch().get(server.address(), "/bytes/1");
        }
        assertThat(server.sources()).containsExactly(exitSource);
    }

    /// Its name server answers for names that do not exist, and redirects those that do.
    @Test
    void aRelayWhoseNameServersLieIsNoExitAnyMore() throws Exception {
        deceived.awaitLine(line -> line.contains("answer for names that do not exist"), PATIENCE);
        deceived.awaitLine(line -> line.contains("send even names that exist elsewhere"), PATIENCE);
        assertThat(liar.questionsFor("www.example.org")).isPositive();
        long deadline = System.nanoTime() + LISTED.toNanos();
        String published = "";
        try (ControlClient authority = network.authorities().getFirst().control()) {
            while (!published.contains("\nreject *:*")) {
                assertThat(System.nanoTime()).as(published).isLessThan(deadline);
                Thread.sleep(500);
                String found = authority.infoIfKnown("desc/id/" + deceivedExit.fingerprint());
                published = found == null ? "" : found;
            }
        }
        assertThat(published).doesNotContain("\naccept ").doesNotContain("ipv6-policy");
        assertThat(deceived.lines())
                .noneMatch(
                        line -> line.contains("example") || line.contains("192.0.2.66") || line.contains(".invalid"));
    }

    /// Remote addresses of established IPv4 connections to this listener, from /proc/net/tcp.
    private static List<String> peersOf(InetSocketAddress listener) throws IOException {
        List<String> peers = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/net/tcp"))) {
            String[] words = line.strip().split("\\s+", -1);
            // proc(5): `sl local_address rem_address st`, addresses in the order of the host's bytes; 01 is
            // established.
            if (words.length > 3 && words[3].equals("01") && endpoint(words[1]).equals(listener)) {
                peers.add(endpoint(words[2]).getAddress().getHostAddress());
            }
        }
        return peers;
    }

    private static InetSocketAddress endpoint(String text) throws IOException {
        byte[] ip = HexFormat.of().parseHex(text.substring(0, 8));
        InetAddress host = InetAddress.getByAddress(new byte[] {ip[3], ip[2], ip[1], ip[0]});
        return new InetSocketAddress(host, Integer.parseInt(text.substring(9), 16));
    }

    private static String refusal(String host, int port) throws Exception {
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(path(exit), PATIENCE)) {
            assertThatThrownBy(() -> circuit.fetch().get(host, port, "/")).isInstanceOf(SocksRefusal.class);
            return circuit.awaitStreamEnd(PATIENCE).remoteReason();
        }
    }

    private static List<String> path(Identity last) throws IOException {
        return List.of(
                network.relays().get(0).fingerprint(), network.relays().get(1).fingerprint(), last.fingerprint());
    }
}
