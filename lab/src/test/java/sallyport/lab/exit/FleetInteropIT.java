package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.ControlClient;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.FleetConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.TestServer;

/// A fleet that grows by one number: who is there stays, with all that goes through it, and each relay is
/// seen from its own address.
class FleetInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LISTED = Duration.ofMinutes(4);
    private static final int FIRST = 3;
    private static final int GROWN = 10;
    /// By number of the relay.
    private static final Map<String, String> POLICIES =
            Map.of("7", "web", "8", "reduced", "9", "extended", "10", "default");

    @Test
    void fromThreeToTenByOneNumber() throws Exception {
        try (PrivateNetwork network =
                        PrivateNetwork.plan().progress(System.err::println).start();
                TestServer server = TestServer.start(network.freshAddress())) {
            List<String> pool = IntStream.range(0, GROWN)
                    .mapToObj(_ -> network.freshAddress())
                    .toList();
            FleetConfig config = new FleetConfig(
                    network.leash().directory().resolve("fleet").resolve("data"),
                    network.authorityLines(),
                    network.dns().hostPort(),
                    pool,
                    "fleet",
                    FIRST,
                    List.of());
            try (SallyportProcess sallyport = SallyportProcess.startFleet(network.leash(), "fleet", config.text())) {
                List<Identity> first = sallyport.identities();
                assertThat(first).extracting(Identity::nickname).containsExactly("fleet1", "fleet2", "fleet3");
                awaitListed(network, first);
                Path lock = Path.of(sallyport.configFile() + ".lock");
                String before = Files.readString(lock);

                try (CircuitDriver driver = network.client().drive()) {
                    List<DrivenCircuit> circuits = new ArrayList<>();
                    List<Socket> open = new ArrayList<>();
                    for (Identity exit : first) {
                        DrivenCircuit circuit = build(network, driver, exit);
                        circuits.add(circuit);
                        Socket socket = circuit.fetch().open(server.address().getHostString(), server.port());
                        send(socket, "GET /source HTTP/1.0\r\n");
                        open.add(socket);
                    }
                    Files.writeString(sallyport.configFile(), config.with(GROWN).text() + policies(server));
                    assertThat(sallyport.call("plan")).isEqualTo(2);
                    assertThat(sallyport.call("apply", "--why", "more of them")).isZero();
                    assertThat(sallyport.call("plan")).isZero();

                    List<Identity> all = sallyport.identities();
                    assertThat(all).hasSize(GROWN).startsWith(first.toArray(Identity[]::new));
                    assertThat(Files.readString(lock)).startsWith(before);
                    for (int i = 0; i < FIRST; i++) {
                        send(open.get(i), "\r\n");
                        assertThat(new String(open.get(i).getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                                .as("of a stream that was open while the fleet grew")
                                .endsWith(first.get(i).addresses().getFirst() + "\n");
                        open.get(i).close();
                        circuits.get(i).close();
                    }

                    awaitListed(network, all);
                    for (Identity exit : all) {
                        try (DrivenCircuit circuit = build(network, driver, exit)) {
                            assertThat(circuit.fetch()
                                            .get(server.address(), "/source")
                                            .text())
                                    .isEqualTo(exit.addresses().getFirst() + "\n");
                        }
                    }
                    clientsSeeThePoliciesThatWereForetold(network, sallyport, all);
                }
                assertThat(sallyport.terminate(PATIENCE)).isZero();
            }
        }
    }

    /// The authorities sum a policy up for microdescriptors; what we say before must be what they say then.
    private static void clientsSeeThePoliciesThatWereForetold(
            PrivateNetwork network, SallyportProcess sallyport, List<Identity> all) throws Exception {
        Map<String, Identity> named = all.stream().collect(Collectors.toMap(Identity::nickname, relay -> relay));
        try (ControlClient client = network.client().control()) {
            for (Map.Entry<String, String> policy : POLICIES.entrySet()) {
                Identity relay = Objects.requireNonNull(named.get("fleet" + policy.getKey()));
                String microdescriptor = client.infoIfKnown("md/id/" + relay.fingerprint());
                assertThat(microdescriptor).isNotNull();
                String seen = microdescriptor
                        .lines()
                        .filter(line -> line.startsWith("p "))
                        .findFirst()
                        .orElseThrow();
                assertThat(sallyport.verb("config", "effective", relay.id()))
                        .as(policy.getValue())
                        .contains("clients see of its exit policy: " + seen.substring(2) + "; IPv6: nothing");
            }
        }
    }

    private static DrivenCircuit build(PrivateNetwork network, CircuitDriver driver, Identity exit) throws Exception {
        List<String> path = List.of(
                network.relays().get(0).fingerprint(), network.relays().get(1).fingerprint(), exit.fingerprint());
        driver.awaitKnown(path, PATIENCE);
        return driver.build(path, PATIENCE);
    }

    private static void awaitListed(PrivateNetwork network, List<Identity> relays) throws Exception {
        for (Identity relay : relays) {
            network.awaitListed(relay.fingerprint(), Set.of("Running", "Valid", "Exit"), LISTED);
        }
    }

    /// Some relays with a named policy, behind a rule that lets the test's server be reached.
    private static String policies(TestServer server) {
        return POLICIES.entrySet().stream()
                .map(policy -> "groups.exits.relays.\"%s\".exit-policy = [\"accept *:%d\", %s]"
                        .formatted(policy.getKey(), server.port(), policy.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static void send(Socket socket, String text) throws Exception {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
