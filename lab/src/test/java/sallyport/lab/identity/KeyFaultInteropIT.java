package sallyport.lab.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.TestServer;

/// What the files of one relay do to it, and do not do to the relays beside it.
class KeyFaultInteropIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LISTED = Duration.ofMinutes(4);
    // "Within two minutes" of a change the authorities know of it; two consensuses and a busy machine come on top.
    private static final Duration RENAMED = Duration.ofMinutes(4);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final int OR_PORT = 9_001;
    private static final int LENGTH = 1 << 20;

    /// Of three relays one has a corrupt key: it says which file and why, and touches nothing; the two others are
    /// listed
    /// and carry traffic. Then one of them is renamed while it runs.
    @Test
    void aCorruptKeyStopsItsRelayAloneAndANameMayChange() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.plan()
                        .relays(2)
                        .progress(System.err::println)
                        .start();
                TestServer server = TestServer.start(network.freshAddress())) {
            Path data = network.leash().directory().resolve("sallyport").resolve("data");
            List<SallyportConfig.Relay> relays = Stream.of("sally1", "sally2", "sally3")
                    .map(name -> relay(name, network.freshAddress()))
                    .toList();
            SallyportConfig config = config(network, data, relays);
            List<Identity> known;
            try (SallyportProcess first = SallyportProcess.start(network.leash(), "sallyport", config)) {
                known = first.identities();
                assertThat(first.terminate(STOP)).isZero();
            }
            Path corrupt = data.resolve("relays/id-sally2/keys/ed25519_signing_secret_key");
            byte[] broken = Files.readAllBytes(corrupt);
            broken[3] ^= 0x20;
            Files.write(corrupt, broken);
            Map<String, String> before = content(data.resolve("relays/id-sally2"));

            try (SallyportProcess sallyport = SallyportProcess.start(network.leash(), "sallyport", config)) {
                assertThat(sallyport.awaitLine(line -> line.contains("state: failed: cannot start: "), PATIENCE))
                        .contains("id-sally2", corrupt.toString(), "does not begin with");
                for (Identity healthy : List.of(known.getFirst(), known.getLast())) {
                    network.awaitListed(healthy.fingerprint(), Set.of("Running", "Valid", "Exit"), LISTED);
                    fetchThrough(network, server, healthy);
                }
                assertThat(network.consensus().flags(known.get(1).fingerprint()))
                        .isEmpty();
                assertThat(content(data.resolve("relays/id-sally2"))).isEqualTo(before);

                rename(network, sallyport, config(network, data, renamed(relays)), known.getFirst());
                assertThat(data.resolve("relays/id-sally1/fingerprint"))
                        .hasContent("renamed " + known.getFirst().fingerprint() + "\n");
                assertThat(data.resolve("relays/id-sally1/fingerprint-ed25519"))
                        .hasContent("renamed " + known.getFirst().ed25519() + "\n");
                fetchThrough(network, server, known.getFirst());
                // The reload looked at the corrupt file again.
                assertThat(content(data.resolve("relays/id-sally2"))).isEqualTo(before);
                assertThat(sallyport.terminate(STOP)).isZero();
            }
            assertThat(bytesOfLastDay(data.resolve("relays/id-sally1/state"))).isGreaterThan(LENGTH);
            assertThat(content(data.resolve("relays/id-sally2"))).isEqualTo(before);
        }
    }

    /// What the relay remembers over a restart of the bytes it wrote to links.
    private static long bytesOfLastDay(Path state) throws Exception {
        String values = Files.readAllLines(state).stream()
                .filter(line -> line.startsWith("BWHistoryWriteValues "))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(values.substring(values.lastIndexOf(values.contains(",") ? ',' : ' ') + 1));
    }

    private static void rename(
            PrivateNetwork network, SallyportProcess sallyport, SallyportConfig changed, Identity relay)
            throws Exception {
        Files.writeString(sallyport.configFile(), changed.text());
        sallyport.reload();
        sallyport.awaitLine(line -> line.contains("nickname took effect"), PATIENCE);
        await().atMost(RENAMED)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(network.consensus().text()).contains("\nr renamed "));
        assertThat(network.consensus().text()).doesNotContain("\nr sally1 ");
        assertThat(network.consensus().flags(relay.fingerprint())).contains("Running", "Valid", "Exit");
    }

    private static void fetchThrough(PrivateNetwork network, TestServer server, Identity exit) throws Exception {
        List<String> path = List.of(
                network.relays().get(0).fingerprint(), network.relays().get(1).fingerprint(), exit.fingerprint());
        try (CircuitDriver driver = network.client().drive()) {
            driver.awaitKnown(path, PATIENCE);
            try (DrivenCircuit circuit = driver.build(path, PATIENCE)) {
                assertThat(circuit.fetch()
                                .get(server.address(), "/bytes/" + LENGTH)
                                .sha256())
                        .isEqualTo(server.sha256(LENGTH));
            }
        }
    }

    private static SallyportConfig.Relay relay(String nickname, String address) {
        return SallyportConfig.Relay.exit(nickname, address, OR_PORT, address).with("id = \"id-" + nickname + "\"");
    }

    private static List<SallyportConfig.Relay> renamed(List<SallyportConfig.Relay> relays) {
        SallyportConfig.Relay first = relays.getFirst();
        return Stream.concat(
                        Stream.of(SallyportConfig.Relay.exit("renamed", first.address(), OR_PORT, first.address())
                                .with("id = \"id-sally1\"")),
                        relays.stream().skip(1))
                .toList();
    }

    private static SallyportConfig config(PrivateNetwork network, Path data, List<SallyportConfig.Relay> relays) {
        return new SallyportConfig(
                data, network.authorityLines(), List.of(network.dns().hostPort()), relays, List.of());
    }

    /// Every file below the directory, byte for byte.
    private static Map<String, String> content(Path directory) throws Exception {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(
                        directory.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return content;
    }
}
