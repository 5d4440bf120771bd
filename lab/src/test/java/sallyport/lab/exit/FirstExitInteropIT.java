package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.load.LoadPlan;
import sallyport.lab.load.LoadReport;
import sallyport.lab.load.LoadRun;
import sallyport.lab.load.LoadServer;
import sallyport.lab.load.Mix;
import sallyport.lab.load.SocksOpener;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Curl;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.SocksRefusal;
import sallyport.lab.traffic.TestDns;
import sallyport.lab.traffic.TestServer;

/// A process of ours in a network of C tor: the authorities list it, a C tor client leaves through it.
class FirstExitInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LISTED = Duration.ofMinutes(3);
    private static final int OR_PORT = 9_001;
    private static final String SITE = "website.example";
    private static final int STREAMS_AT_ONCE = 50;
    /// The last relay of the process refuses it, whatever the address.
    private static final int REFUSED_PORT = 8_123;

    private static PrivateNetwork network;
    private static TestServer server;
    private static SallyportProcess sallyport;
    private static String outboundExit;
    private static List<Identity> exits;

    @BeforeAll
    static void bringUp() throws Exception {
        network = PrivateNetwork.plan().progress(System.err::println).start();
        server = TestServer.start(network.freshAddress());
        network.dns().put(SITE, server.address().getHostString());
        outboundExit = network.freshAddress();
        sallyport = SallyportProcess.start(
                network.leash(),
                "sallyport",
                new SallyportConfig(
                        network.leash().directory().resolve("sallyport").resolve("data"),
                        network.authorityLines(),
                        List.of(network.dns().hostPort()),
                        List.of(
                                SallyportConfig.Relay.exit("sally1", network.freshAddress(), OR_PORT, outboundExit),
                                SallyportConfig.Relay.exit("sally2", network.freshAddress(), OR_PORT, outboundExit)
                                        .withPolicy("reject *:" + REFUSED_PORT, "accept *:*")),
                        List.of()));
        exits = sallyport.identities();
        for (Identity exit : exits) {
            // Fast is a rank: whoever rests while others carry traffic may lose it again.
            network.awaitListed(exit.fingerprint(), Set.of("Running", "Valid", "Fast", "Exit"), LISTED);
        }
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
    void authoritiesListUsAndWarnAboutNothing() throws Exception {
        for (Identity exit : exits) {
            sallyport.awaitLine(line -> line.contains(exit.id()) && line.contains("published"), PATIENCE);
            sallyport.awaitLine(line -> line.contains(exit.id()) && line.contains("consensus"), PATIENCE);
        }
        for (TorNode authority : network.authorities()) {
            assertThat(authority.warnings())
                    .noneMatch(line -> line.contains("escriptor")
                            || line.contains("xtra-info")
                            || exits.stream()
                                    .anyMatch(exit ->
                                            line.contains(exit.nickname() + " ") || line.contains(exit.fingerprint())));
        }
    }

    @Test
    void usersOfEveryKindAreServed() throws Exception {
        try (LoadServer far = LoadServer.start(new InetSocketAddress(network.freshAddress(), 0))) {
            LoadPlan plan = new LoadPlan(
                    Mix.parse("web=2,chat=1,bulk=0.5,upload=0.5,resolve=2"),
                    Duration.ZERO,
                    Duration.ofSeconds(5),
                    5,
                    1,
                    1_000,
                    PATIENCE,
                    far.address(),
                    SITE);
            LoadReport report = LoadRun.run(
                    plan, loop -> new SocksOpener(loop, network.client().socks()), List.of(sallyport.pid()));
            report.lines().forEach(System.err::println);
            assertThat(report.isClean()).as(String.join("\n", report.lines())).isTrue();
        }
    }

    /// 256 MiB go under congestion control and under fixed windows in tests of their own.
    @ParameterizedTest
    @ValueSource(longs = {1, 498, 1 << 20})
    void contentArrivesByteExactInBothDirections(long length) throws Exception {
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(pathTo(exits.getFirst()), PATIENCE)) {
            Fetched down = circuit.fetch().get(SITE, server.port(), "/bytes/" + length);
            assertThat(down.length()).isEqualTo(length);
            assertThat(down.sha256()).isEqualTo(server.sha256(length));
            Content content = Content.of(length);
            Fetched up = circuit.fetch().post(SITE, server.port(), "/sink", content, length);
            assertThat(up.text()).isEqualTo(length + " " + content.sha256(length) + "\n");
        }
    }

    @Test
    void fiftyStreamsAtOnceOnOneCircuitEachArriveWhole() throws Exception {
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(pathTo(exits.getFirst()), PATIENCE);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Fetched>> all = new ArrayList<>();
            for (int i = 0; i < STREAMS_AT_ONCE; i++) {
                String path = "/bytes/" + (300_000 + i);
                all.add(threads.submit(() -> circuit.fetch().get(server.address(), path)));
            }
            for (int i = 0; i < STREAMS_AT_ONCE; i++) {
                assertThat(all.get(i).get().sha256()).isEqualTo(server.sha256(300_000 + i));
            }
        }
    }

    @Test
    void theServerSeesTheConfiguredAddressAndNoOther() throws Exception {
        server.forgetSources();
        try (CircuitDriver driver = network.client().drive()) {
            for (Identity exit : exits) {
                try (DrivenCircuit circuit = driver.build(pathTo(exit), PATIENCE)) {
                    assertThat(circuit.fetch()
                                    .get(SITE, server.port(), "/source")
                                    .text()
                                    .strip())
                            .isEqualTo(outboundExit);
                }
            }
        }
        assertThat(server.sources()).isNotEmpty().allMatch(outboundExit::equals);
    }

    @Test
    void curlThroughTheCircuitArrivesByteExact() throws Exception {
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(pathTo(exits.getLast()), PATIENCE)) {
            String url = "http://" + SITE + ":" + server.port() + "/bytes/" + (1 << 20);
            Curl.Result result = Curl.run(network.client().socks(), circuit.token(), PATIENCE, List.of(url));
            assertThat(result.complaint()).isEmpty();
            assertThat(result.sha256()).isEqualTo(server.sha256(1 << 20));
        }
    }

    @Test
    void namesAndAddressesAreResolvedByUs() throws Exception {
        network.dns().pointer("192.0.2.9", "nine.example").fail("broken.example", TestDns.SERVFAIL);
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(pathTo(exits.getFirst()), PATIENCE)) {
            assertThat(circuit.fetch().resolve(SITE))
                    .isEqualTo(InetAddress.ofLiteral(server.address().getHostString()));
            assertThat(circuit.fetch().resolvePtr("192.0.2.9")).isEqualTo("nine.example");
            assertThatThrownBy(() -> circuit.fetch().resolve("broken.example")).isInstanceOf(SocksRefusal.class);
        }
    }

    @Test
    void everyRefusalHasItsReason() throws Exception {
        String host = server.address().getHostString();
        assertThat(refusal(exits.getFirst(), host, 9)).isEqualTo("CONNECTREFUSED");
        assertThat(refusal(exits.getFirst(), "absent.example", 80)).isEqualTo("RESOLVEFAILED");
        assertThat(refusal(exits.getLast(), host, REFUSED_PORT)).isEqualTo("EXITPOLICY");
    }

    private static String refusal(Identity exit, String host, int port) throws Exception {
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(pathTo(exit), PATIENCE)) {
            assertThatThrownBy(() -> circuit.fetch().get(host, port, "/")).isInstanceOf(SocksRefusal.class);
            return circuit.awaitStreamEnd(PATIENCE).remoteReason();
        }
    }

    private static List<String> pathTo(Identity exit) throws Exception {
        return List.of(
                network.relays().get(0).fingerprint(), network.relays().get(1).fingerprint(), exit.fingerprint());
    }
}
