package sallyport.lab.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.TestServer;

/// A C tor client visits an onion service and hides that by padding machines at the second hop of its circuits, which
/// is ours (padding-spec section 3). The client's own log says what came of it.
class CircuitPaddingInteropIT {
    private static final Duration LISTED = Duration.ofMinutes(4);
    private static final Duration PUBLISHED = Duration.ofMinutes(4);
    private static final Duration PADDED = Duration.ofSeconds(30);
    private static final String SUPPORTED = "Checking padding: supported";
    private static final Pattern ASKED = Pattern.compile("Negotiating padding on circuit (\\d+) \\(\\d+\\), command 2");

    @Test
    void theClientsRequestsAreGrantedAndItsCircuitsPadded() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.plan()
                        .relays(3)
                        .exits(1)
                        .clients(0)
                        .lifetime(Duration.ofMinutes(20))
                        .progress(System.err::println)
                        .start();
                SallyportProcess sallyport = middles(network);
                TestServer server = TestServer.start(network.freshAddress())) {
            List<String> ours =
                    sallyport.identities().stream().map(Identity::fingerprint).toList();
            for (String relay : ours) {
                network.awaitListed(relay, Set.of("Running", "Valid"), LISTED);
            }
            String onion = service(network, server);
            TorNode client = network.addClient("HSLayer2Nodes " + String.join(",", ours), "ConfluxEnabled 0");
            await().atMost(PUBLISHED)
                    .pollDelay(Duration.ofSeconds(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(new SocksFetch(client.socks())
                                    .get(onion, 80, "/bytes/1000")
                                    .length())
                            .isEqualTo(1_000));

            await().atMost(PADDED)
                    .untilAsserted(() -> assertThat(padded(client))
                            .as("introduction and rendezvous")
                            .anyMatch(circuit -> circuit.ended && circuit.cells >= 7 && circuit.cells <= 9)
                            .anyMatch(circuit -> !circuit.ended && circuit.cells == 1));
            assertThat(client.infos()).anyMatch(line -> line.contains(SUPPORTED));
            assertThat(client.notices()).noneMatch(line -> line.contains("did not accept our padding request"));
            assertThat(sallyport.lines()).noneMatch(line -> line.contains("our own bug"));
        }
    }

    /// What the client's log says of one circuit.
    private record Padded(long cells, boolean ended) {}

    private static List<Padded> padded(TorNode client) throws IOException {
        List<String> infos = client.infos();
        List<Padded> circuits = new ArrayList<>();
        for (String line : infos) {
            Matcher asked = ASKED.matcher(line);
            if (asked.find()) {
                String cell = "Got padding cell on origin circuit %s.".formatted(asked.group(1));
                String ended = "Received STOP command on PADDING_NEGOTIATED for circuit %s".formatted(asked.group(1));
                circuits.add(new Padded(
                        infos.stream().filter(other -> other.contains(cell)).count(),
                        infos.stream().anyMatch(other -> other.endsWith(ended))));
            }
        }
        return circuits;
    }

    private static SallyportProcess middles(PrivateNetwork network) throws IOException, InterruptedException {
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            String address = network.freshAddress();
            relays.add(SallyportConfig.Relay.exit("sally" + i, address, 9_000 + i, address));
        }
        return SallyportProcess.start(
                network.leash(),
                "sallyport",
                new SallyportConfig(
                        network.leash().directory().resolve("sallyport").resolve("data"),
                        network.authorityLines(),
                        List.of(network.dns().hostPort()),
                        relays,
                        List.of()));
    }

    /// Returns its name.
    private static String service(PrivateNetwork network, TestServer server) throws IOException, InterruptedException {
        Path directory = network.leash().directory().resolve("service");
        network.addClient(
                "HiddenServiceDir " + directory,
                "HiddenServicePort 80 " + server.address().getHostString() + ":" + server.port());
        Path hostname = directory.resolve("hostname");
        await().atMost(PADDED).until(() -> Files.exists(hostname));
        return Files.readString(hostname).strip();
    }
}
