package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
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
    /// `-Dfleet.grown=40` shows what CI has no time for.
    private static final int GROWN = Integer.getInteger("fleet.grown", 12);
    /// By number of the relay.
    private static final Map<String, String> POLICIES =
            Map.of("7", "web", "8", "reduced", "9", "extended", "10", "default");

    @Test
    void fromThreeToManyByOneNumber() throws Exception {
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
                    List<SteadyDownload> downloads = new ArrayList<>();
                    for (Identity exit : first) {
                        DrivenCircuit circuit = build(network, driver, exit);
                        circuits.add(circuit);
                        downloads.add(SteadyDownload.begin(
                                circuit.fetch().open(server.address().getHostString(), server.port())));
                    }
                    Files.writeString(sallyport.configFile(), config.with(GROWN).text() + policies(server));
                    assertThat(sallyport.call("plan")).isEqualTo(2);
                    long begun = System.nanoTime();
                    List<Long> readBefore =
                            downloads.stream().map(SteadyDownload::read).toList();
                    String applied = sallyport.verb("apply", "--why", "more of them");
                    System.err.println(applied + "applied after " + (System.nanoTime() - begun) / 1_000_000 + " ms");
                    assertThat(applied).contains("all batches are healthy").contains(" runs state 2\n");
                    assertThat(sallyport.call("plan")).isZero();

                    List<Identity> all = sallyport.identities();
                    assertThat(all).hasSize(GROWN).startsWith(first.toArray(Identity[]::new));
                    assertThat(Files.readString(lock)).startsWith(before);
                    System.err.println(
                            "the lock has more:\n" + Files.readString(lock).substring(before.length()));
                    for (int i = 0; i < FIRST; i++) {
                        assertThat(downloads.get(i).read())
                                .as("bytes that came while the fleet grew")
                                .isGreaterThan(readBefore.get(i));
                        assertThat(downloads.get(i).finish(PATIENCE))
                                .as("of a download that began before the fleet grew")
                                .isEqualTo(server.sha256(SteadyDownload.length()));
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
                    try (DrivenCircuit circuit = build(network, driver, all.getFirst())) {
                        SteadyDownload download = SteadyDownload.begin(
                                circuit.fetch().open(server.address().getHostString(), server.port()));
                        twoSwapTheirPlaces(sallyport, config.with(GROWN).text() + policies(server), all);
                        assertThat(download.finish(PATIENCE))
                                .as("of a download through one of them")
                                .isEqualTo(server.sha256(SteadyDownload.length()));
                    }
                }
                assertThat(sallyport.terminate(PATIENCE)).isZero();
            }
        }
    }

    /// In one apply, with which the first two have each other's address, and nothing that is open ends.
    private static void twoSwapTheirPlaces(SallyportProcess sallyport, String text, List<Identity> all)
            throws Exception {
        String first = all.get(0).addresses().getFirst();
        String second = all.get(1).addresses().getFirst();
        Files.writeString(
                sallyport.configFile(),
                text + "\ngroups.exits.relays.\"1\".address = \"" + second
                        + "\"\ngroups.exits.relays.\"2\".address = \"" + first + "\"\n");
        String applied = sallyport.verb("apply", "--why", "swap");
        System.err.println(applied);
        assertThat(applied).contains("all batches are healthy").contains(" runs state 3\n");
        assertThat(sallyport.identities().subList(0, 2))
                .extracting(relay -> relay.addresses().getFirst())
                .containsExactly(second, first);
        assertThat(sallyport.verb("relay", "show", all.getFirst().id(), "--json"))
                .contains("\"addresses\":[\"" + second + ":9001\"]")
                .contains("\"state\":\"published\"");
        for (String address : List.of(first, second)) {
            new Socket(address, 9001).close();
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
}
