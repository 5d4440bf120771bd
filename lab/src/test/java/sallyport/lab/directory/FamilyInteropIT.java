package sallyport.lab.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.world.RealWorld;
import sallyport.lab.control.ControlClient;
import sallyport.lab.control.ControlReply;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.vote.AuthorityDocuments;

/// A client of C tor that may use three relays only, one of C tor and two of ours: where ours are of one
/// family it builds no circuit at all, however they show that they are, and where they are not it does.
class FamilyInteropIT {
    private static final Duration LISTED = Duration.ofMinutes(4);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int OR_PORT = 9_001;
    /// Enough for a client that chooses by chance to choose wrongly.
    private static final int REFUSALS = 5;
    /// "Couldn't start circuit": the client finds no path.
    private static final int NO_PATH = 551;

    /// How the two relays of a process show that they belong together.
    private enum Form {
        /// With nothing configured.
        LISTS(""),
        /// Because the authorities have voted that lists are no longer needed beside them.
        CERTIFICATES("family { ids = \"*\" }"),
        BOTH("family { ids = \"*\", list = on }");

        private final String configuration;

        Form(String configuration) {
            this.configuration = configuration;
        }

        boolean hasLists() {
            return this != CERTIFICATES;
        }

        boolean hasCertificates() {
            return this != LISTS;
        }
    }

    private static PrivateNetwork network;
    private static final Map<Form, SallyportProcess> PROCESSES = new EnumMap<>(Form.class);
    private static final Map<Form, List<String>> FINGERPRINTS = new EnumMap<>(Form.class);

    private final Map<String, String> circuitEvents = new ConcurrentHashMap<>();

    @BeforeAll
    static void bringUp() throws Exception {
        network = PrivateNetwork.plan()
                .relays(1)
                .onAuthorities("ConsensusParams publish-family-list=0")
                .progress(System.err::println)
                .start();
        for (Form form : Form.values()) {
            PROCESSES.put(form, start(form));
        }
        for (Form form : Form.values()) {
            List<Identity> relays = PROCESSES.get(form).identities();
            FINGERPRINTS.put(form, relays.stream().map(Identity::fingerprint).toList());
        }
        for (List<String> relays : FINGERPRINTS.values()) {
            for (String relay : relays) {
                network.awaitListed(relay, Set.of("Running", "Valid", "Exit", "Guard"), LISTED);
            }
        }
    }

    @AfterAll
    static void takeDown() {
        PROCESSES.values().forEach(SallyportProcess::close);
        if (network != null) {
            network.close();
        }
    }

    private static SallyportProcess start(Form form) throws Exception {
        Path data = network.leash().directory().resolve(form.name()).resolve("data");
        if (form.hasCertificates()) {
            try (RealWorld world = new RealWorld(data, 1, (_, _, _) -> {})) {
                FamilyKeys.create(world.storage(), FamilyKeys.SHARED_DIRECTORY, "lab", world.entropy());
            }
        }
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (String nickname : List.of("entry", "exit")) {
            String address = network.freshAddress();
            relays.add(SallyportConfig.Relay.exit(nickname + form.ordinal(), address, OR_PORT, address));
        }
        return SallyportProcess.start(
                network.leash(),
                form.name(),
                new SallyportConfig(
                        data,
                        network.authorityLines(),
                        List.of(network.dns().hostPort()),
                        relays,
                        List.of(form.configuration)));
    }

    /// Microdescriptors with lists, with certificates and with both, under every consensus method.
    @Test
    void ofFamiliesWeSayWhatTheAuthoritiesSay() throws Exception {
        AuthorityDocuments documents = await().atMost(PATIENCE)
                .until(() -> AuthorityDocuments.fetch(network), found -> !found.isEmpty())
                .getFirst();
        assertThat(documents.said(network))
                .anySatisfy(said -> assertThat(said.theirs()).contains("\nm 32,33,34 sha256=", "\nm 35 sha256="))
                .allSatisfy(said -> assertThat(said.ours()).isEqualTo(said.theirs()));
    }

    @Test
    void noCircuitGoesThroughTwoOfAFamily() throws Exception {
        try (ControlClient client = network.client().control()) {
            awaitFamilies(client);
            client.listen(event -> circuitEvents.put(event.split(" ", 3)[1], event));
            client.setEvents("CIRC");
            for (Form inner : Form.values()) {
                for (Form exit : Form.values()) {
                    String one = FINGERPRINTS.get(inner).getFirst();
                    String other = FINGERPRINTS.get(exit).getLast();
                    allow(client, one, other);
                    if (inner == exit) {
                        for (int i = 0; i < REFUSALS; i++) {
                            assertThat(launch(client).status())
                                    .as("within %s", exit)
                                    .isEqualTo(NO_PATH);
                        }
                    } else {
                        assertThat(build(client))
                                .as("from %s to %s", inner, exit)
                                .containsExactlyInAnyOrder(theirs(), one, other)
                                .endsWith(other);
                    }
                }
            }
        }
        assertThat(network.client().notices()).anyMatch(line -> line.contains("Failed to find node for hop #2"));
    }

    private static String theirs() throws Exception {
        return network.relays().getFirst().fingerprint();
    }

    /// Waits until the client knows every relay's family, and in which form alone.
    private static void awaitFamilies(ControlClient client) {
        FINGERPRINTS.forEach((form, relays) -> {
            String list =
                    "\nfamily $" + String.join(" $", relays.stream().sorted().toList()) + "\n";
            for (String relay : relays) {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    String microdescriptor = client.infoIfKnown("md/id/" + relay);
                    assertThat(microdescriptor).isNotNull();
                    assertThat(microdescriptor.contains(list)).as("%s", form).isEqualTo(form.hasLists());
                    assertThat(microdescriptor.contains("\nfamily-ids ed25519:"))
                            .as("%s", form)
                            .isEqualTo(form.hasCertificates());
                });
            }
        });
    }

    /// Leaves the client the relay of C tor, one of ours, and another one of ours to leave through.
    private static void allow(ControlClient client, String one, String exit) throws Exception {
        List<String> others = new ArrayList<>();
        FINGERPRINTS.values().forEach(others::addAll);
        for (TorNode authority : network.authorities()) {
            others.add(authority.fingerprint());
        }
        others.removeAll(List.of(one, exit));
        client.setConf(
                "__DisablePredictedCircuits=1",
                "ExitNodes=$" + exit,
                "ExcludeNodes=\"$" + String.join(",$", others) + "\"");
    }

    /// Has the client choose a path by its own rules.
    private static ControlReply launch(ControlClient client) throws Exception {
        return client.ask("EXTENDCIRCUIT 0");
    }

    /// The fingerprints along a circuit that the client built by its own rules.
    private List<String> build(ControlClient client) {
        List<String> path = new ArrayList<>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            ControlReply reply = launch(client);
            assertThat(reply.isGood()).as(reply.text()).isTrue();
            String id = reply.first().split(" ", 3)[1];
            await().atMost(PATIENCE)
                    .until(() -> Stream.of(" BUILT ", " FAILED ", " CLOSED ")
                            .anyMatch(circuitEvents.getOrDefault(id, "")::contains));
            String event = circuitEvents.get(id);
            assertThat(event).contains(" BUILT ");
            path.addAll(Stream.of(event.split(" ", 5)[3].split(","))
                    .map(hop -> hop.substring(1, 41))
                    .toList());
        });
        return path;
    }
}
