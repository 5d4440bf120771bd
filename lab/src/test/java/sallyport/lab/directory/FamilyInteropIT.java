package sallyport.lab.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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

/// Clients of C tor never build a circuit with two relays of a fleet of ours, however it shows that its
/// relays are of one family; and do so with two of a fleet that shows nothing. Neither by chance, nor
/// where they have no choice.
class FamilyInteropIT {
    private static final Duration LISTED = Duration.ofMinutes(4);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int OR_PORT = 9_001;
    /// Enough for a client that chooses by chance to choose wrongly.
    private static final int REFUSALS = 5;
    private static final int RELAYS = 4;
    private static final int CLIENTS = 3;
    /// By chance a client that knows of no family takes two of a given four in one circuit of seven. More
    /// than CI has time for: `-Dfamily.circuits=1000`.
    private static final int CIRCUITS_OF_A_CLIENT = Integer.getInteger("family.circuits", 96);
    /// "Couldn't start circuit": the client finds no path.
    private static final int NO_PATH = 551;

    /// How the two relays of a process show that they belong together.
    private enum Form {
        /// They do not.
        NONE("family { together = false }"),
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
            return this == LISTS || this == BOTH;
        }

        boolean hasCertificates() {
            return this == CERTIFICATES || this == BOTH;
        }
    }

    private static final int WEIGHT = 1_000;

    private static Path measured;
    private static PrivateNetwork network;
    private static final Map<Form, SallyportProcess> PROCESSES = new EnumMap<>(Form.class);
    private static final Map<Form, List<String>> FINGERPRINTS = new EnumMap<>(Form.class);

    @BeforeAll
    static void bringUp() throws Exception {
        measured = Files.createTempFile("sallyport-measured-", ".txt");
        network = PrivateNetwork.plan()
                .relays(1)
                .onAuthorities("ConsensusParams publish-family-list=0", "V3BandwidthsFile " + measured)
                .progress(System.err::println)
                .start();
        for (Form form : Form.values()) {
            PROCESSES.put(form, start(form));
        }
        for (Form form : Form.values()) {
            List<Identity> relays = PROCESSES.get(form).identities();
            FINGERPRINTS.put(form, relays.stream().map(Identity::fingerprint).toList());
        }
        measureAllAlike();
        for (List<String> relays : FINGERPRINTS.values()) {
            for (String relay : relays) {
                network.awaitListed(relay, Set.of("Running", "Valid", "Exit", "Guard"), LISTED);
            }
        }
    }

    @AfterAll
    static void takeDown() throws Exception {
        PROCESSES.values().forEach(SallyportProcess::close);
        if (network != null) {
            network.close();
        }
        Files.deleteIfExists(measured);
    }

    /// What a fresh relay observes of itself is next to nothing or next to it: clients would take a few alone.
    private static void measureAllAlike() throws Exception {
        Stream<String> lines = Stream.concat(FINGERPRINTS.values().stream().flatMap(List::stream), Stream.of(theirs()))
                .map(relay -> "node_id=$" + relay + " bw=" + WEIGHT + "\n");
        // bandwidth-file-spec: version 1.0.0, a time, then relays.
        String time = Instant.now().getEpochSecond() + "\n";
        Files.writeString(measured, time + lines.collect(Collectors.joining()));
    }

    private static SallyportProcess start(Form form) throws Exception {
        Path data = network.leash().directory().resolve(form.name()).resolve("data");
        if (form.hasCertificates()) {
            try (RealWorld world = new RealWorld(data, 1, (_, _, _) -> {})) {
                FamilyKeys.create(world.storage(), FamilyKeys.SHARED_DIRECTORY, "lab", world.entropy());
            }
        }
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (int i = 0; i < RELAYS; i++) {
            String address = network.freshAddress();
            relays.add(SallyportConfig.Relay.exit(form.name().toLowerCase(Locale.ROOT) + i, address, OR_PORT, address));
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
        try (ChosenPaths paths = new ChosenPaths(network.client())) {
            ControlClient client = paths.client();
            awaitFamilies(client);
            for (Form inner : Form.values()) {
                for (Form exit : Form.values()) {
                    String one = FINGERPRINTS.get(inner).getFirst();
                    String other = FINGERPRINTS.get(exit).getLast();
                    allow(client, one, other);
                    if (inner == exit && inner != Form.NONE) {
                        for (int i = 0; i < REFUSALS; i++) {
                            assertThat(paths.launch().status())
                                    .as("within %s", exit)
                                    .isEqualTo(NO_PATH);
                        }
                    } else {
                        assertThat(build(paths))
                                .as("from %s to %s", inner, exit)
                                .containsExactlyInAnyOrder(theirs(), one, other)
                                .endsWith(other);
                    }
                }
            }
        }
        assertThat(network.client().notices()).anyMatch(line -> line.contains("Failed to find node for hop #2"));
    }

    /// Clients with guards, as people have, and with the whole network to choose from.
    @Test
    void byChanceNoneOfManyCircuitsGoesThroughTwoOfAFamily() throws Exception {
        List<List<String>> built = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            TorNode node = network.addClient("UseEntryGuards 1", "EnforceDistinctSubnets 0");
            try (ChosenPaths paths = new ChosenPaths(node)) {
                awaitFamilies(paths.client());
                built.addAll(paths.choose(CIRCUITS_OF_A_CLIENT, PATIENCE));
            }
        }
        assertThat(built).hasSizeGreaterThan(CLIENTS * CIRCUITS_OF_A_CLIENT * 9 / 10);
        Map<Form, Map<Long, Long>> found = new EnumMap<>(Form.class);
        FINGERPRINTS.forEach((form, relays) -> found.put(
                form,
                built.stream()
                        .collect(Collectors.groupingBy(
                                path -> path.stream().filter(relays::contains).count(), Collectors.counting()))));
        System.err.println(built.size() + " circuits; how many have how many relays of which fleet: " + found);
        found.forEach((form, circuits) -> {
            assertThat(circuits.get(1L)).as("through one of %s", form).isGreaterThan(built.size() / 10);
            if (form == Form.NONE) {
                assertThat(circuits.get(2L)).as("through two of no family").isGreaterThan(10);
            } else {
                assertThat(circuits.keySet())
                        .as("relays of %s in one circuit", form)
                        .containsOnly(0L, 1L);
            }
        });
        for (int place = 0; place < 3; place++) {
            int hop = place;
            assertThat(built)
                    .as("a relay of ours at hop %s", hop + 1)
                    .anyMatch(
                            path -> FINGERPRINTS.values().stream().anyMatch(relays -> relays.contains(path.get(hop))));
        }
    }

    private static String theirs() throws Exception {
        return network.relays().getFirst().fingerprint();
    }

    /// Waits until the client knows every relay's family, and in which form alone, and that none is better than others.
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
                    assertThat(client.info("ns/id/" + relay)).contains("\nw Bandwidth=" + WEIGHT);
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

    /// The fingerprints along a circuit that the client built by its own rules.
    private static List<String> build(ChosenPaths paths) throws Exception {
        ControlReply reply = paths.launch();
        assertThat(reply.isGood()).as(reply.text()).isTrue();
        return paths.outcome(reply, PATIENCE);
    }
}
