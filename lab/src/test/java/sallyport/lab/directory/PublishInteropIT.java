package sallyport.lab.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.world.RealWorld;
import sallyport.lab.control.ControlClient;
import sallyport.lab.hostile.DirectoryStream;
import sallyport.lab.hostile.RelayFacts;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;

/// What authorities learn of us, and how: over their ORPorts alone, for we are told of DirPorts where
/// nobody listens.
class PublishInteropIT {
    private static final Duration LISTED = Duration.ofMinutes(4);
    /// The promise: a change is published again within two minutes.
    private static final Duration PUBLISHED_AGAIN = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int OR_PORT = 9_001;
    private static final String CONSENSUS_REQUEST = "GET /tor/status-vote/current/consensus-microdesc HTTP/1.0\r\n\r\n";
    private static final String IN_USE = "its keys are in use elsewhere";
    private static final String ELSEWHERE = "0123456789ABCDEF0123456789ABCDEF01234567";

    @Test
    void withoutDirPortsFamiliesAndChangesReachTheAuthorities() throws Exception {
        try (PrivateNetwork network =
                PrivateNetwork.plan().progress(System.err::println).start()) {
            Path data = network.leash().directory().resolve("sallyport").resolve("data");
            String familyId = familyKey(data);
            String first = network.freshAddress();
            SallyportConfig.Relay one = SallyportConfig.Relay.exit("sally1", first, OR_PORT, first);
            String second = network.freshAddress();
            SallyportConfig.Relay two = SallyportConfig.Relay.exit("sally2", second, OR_PORT, second)
                    .with("directory-cache = false");
            String quiet = network.freshAddress();
            SallyportConfig.Relay three =
                    SallyportConfig.Relay.exit("sally3", quiet, OR_PORT, quiet).with("assume-reachable = true");
            try (SallyportProcess sallyport = SallyportProcess.start(
                    network.leash(),
                    "sallyport",
                    config(network, data, List.of(one, two, three.with("publish = false")), "ids = \"*\""))) {
                sallyport.awaitLine(
                        line -> line.contains("the consensus lists") && line.contains("it is from fallback directory"),
                        LISTED);
                List<Identity> ours = sallyport.identities();
                Identity withheld = ours.getLast();
                for (Identity relay : ours.subList(0, 2)) {
                    network.awaitListed(relay.fingerprint(), Set.of("Running", "Valid", "Exit"), LISTED);
                }
                Identity moving = ours.getFirst();
                TreeSet<String> family =
                        new TreeSet<>(ours.stream().map(Identity::fingerprint).toList());
                String line = "\nfamily $" + String.join(" $", family) + "\n";
                TorNode authority = network.authorities().getFirst();
                try (ControlClient control = authority.control();
                        ControlClient client = network.client().control()) {
                    awaitDescriptor(control, moving, PATIENCE, line, "\nfamily-cert\n", "Desc=1-4");
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(client.infoIfKnown("md/id/" + moving.fingerprint()))
                                    .contains("family-ids ed25519:" + familyId)
                                    .contains("family $" + family.first()));

                    assertThat(control.info("ns/id/" + moving.fingerprint())).contains(" V2Dir");
                    Identity withoutCache = ours.get(1);
                    assertThat(control.info("ns/id/" + withoutCache.fingerprint()))
                            .doesNotContain("V2Dir");
                    assertThat(control.info("desc/id/" + withoutCache.fingerprint()))
                            .doesNotContain("tunnelled-dir-server")
                            .contains("DirCache=2");
                    assertThat(untilSigningKeyEnds(control.info("desc/id/" + moving.fingerprint())))
                            .isBetween(Duration.ofDays(2), Duration.ofDays(4));

                    assertThat(DirectoryStream.ask(facts(control, moving), CONSENSUS_REQUEST)
                                    .status())
                            .startsWith("200");
                    RelayFacts silent = facts(control, ours.get(1));
                    assertThatThrownBy(() -> DirectoryStream.ask(silent, CONSENSUS_REQUEST))
                            .as("of a relay that serves no directory")
                            .hasMessageContaining("END(7) 0e");

                    assertThat(control.infoIfKnown("desc/id/" + withheld.fingerprint()))
                            .as("of a relay that is not to be published")
                            .isNull();
                    String third = network.freshAddress();
                    family.add(ELSEWHERE);
                    Files.writeString(
                            sallyport.configFile(),
                            config(
                                            network,
                                            data,
                                            List.of(
                                                    SallyportConfig.Relay.exit("sally1", third, OR_PORT, third)
                                                            .withPolicy("reject *:8123", "accept *:*"),
                                                    two,
                                                    three),
                                            "ids = \"*\", others = [\"$" + ELSEWHERE + "\"]")
                                    .text());
                    sallyport.reload();
                    awaitDescriptor(
                            control,
                            moving,
                            PUBLISHED_AGAIN,
                            "router sally1 " + third + " " + OR_PORT + " 0 0\n",
                            "\nreject *:8123\n",
                            "\nfamily $" + String.join(" $", family) + "\n");
                    awaitDescriptor(control, withheld, PUBLISHED_AGAIN, "router sally3 " + quiet);
                    // Reached at the new address: an authority calls it Running there only after a handshake.
                    await().atMost(LISTED)
                            .untilAsserted(() -> assertThat(control.info("ns/id/" + moving.fingerprint()))
                                    .contains(" " + third + " " + OR_PORT + " ")
                                    .contains("Running"));
                }
                for (TorNode each : network.authorities()) {
                    assertThat(each.warnings())
                            .noneMatch(said -> said.contains("escriptor")
                                    || ours.stream()
                                            .anyMatch(relay -> said.contains(relay.fingerprint())
                                                    || said.contains(relay.nickname() + " ")));
                }
                assertThat(sallyport.lines()).as("of a move of our own").noneMatch(said -> said.contains(IN_USE));
                aSecondHostWithTheSameKeysIsRefused(network, sallyport, ours.get(1), data);
                System.err.println(String.join("\n", sallyport.lines()));
            }
        }
    }

    /// Its keys, without anything else, at an address of its own; the first one serves on. Where the
    /// second one insists, the first gives up, for which CI has no time (`-Dpublish.insists=true`).
    private static void aSecondHostWithTheSameKeysIsRefused(
            PrivateNetwork network, SallyportProcess first, Identity relay, Path data) throws Exception {
        Path copied = network.leash().directory().resolve("twin").resolve("data");
        Path keys = Files.createDirectories(copied.resolve("relays").resolve(relay.id()))
                .resolve("keys");
        copy(data.resolve("relays").resolve(relay.id()).resolve("keys"), keys);
        String address = network.freshAddress();
        SallyportConfig.Relay twin = SallyportConfig.Relay.exit(relay.nickname(), address, OR_PORT, address);
        try (SallyportProcess second = startTwin(network, copied, twin.with("publish = false"))) {
            String refused = second.awaitLine(line -> line.contains("state: failed"), PATIENCE);
            assertThat(refused)
                    .contains(IN_USE + ": the consensus of ")
                    .contains(" lists it at " + relay.addresses().getFirst() + ":" + OR_PORT)
                    .contains("and somebody with its keys answers there; end that relay");
            second.awaitLine(line -> line.contains("no relay is left running"), PATIENCE);
        }
        assertThat(first.lines()).noneMatch(said -> said.contains(IN_USE));
        if (Boolean.getBoolean("publish.insists")) {
            try (SallyportProcess second = startTwin(network, copied, twin.with("identity-elsewhere = insist"))) {
                second.awaitLine(line -> line.contains("and it insists: the consensus of "), PATIENCE);
                String ousted =
                        first.awaitLine(line -> line.contains(relay.id() + " state: failed: " + IN_USE), PATIENCE);
                assertThat(ousted).contains(" lists it at " + address + ":" + OR_PORT + ", published there after ");
                System.err.println(String.join("\n", second.lines()));
            }
        }
    }

    private static SallyportProcess startTwin(PrivateNetwork network, Path data, SallyportConfig.Relay relay)
            throws Exception {
        return SallyportProcess.start(
                network.leash(),
                "twin",
                new SallyportConfig(
                        data, network.authorityLines(), List.of(network.dns().hostPort()), List.of(relay), List.of()));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static RelayFacts facts(ControlClient authority, Identity relay) throws Exception {
        return RelayFacts.ofDescriptor(authority.info("desc/id/" + relay.fingerprint()));
    }

    private static void awaitDescriptor(ControlClient authority, Identity relay, Duration within, String... parts) {
        await().atMost(within)
                .untilAsserted(() -> assertThat(authority.infoIfKnown("desc/id/" + relay.fingerprint()))
                        .isNotNull()
                        .contains(parts));
    }

    /// cert-spec: version, type, and the hours since 1970 until the certificate ends.
    private static Duration untilSigningKeyEnds(String descriptor) {
        String begin = "identity-ed25519\n-----BEGIN ED25519 CERT-----\n";
        String body =
                descriptor.substring(descriptor.indexOf(begin) + begin.length(), descriptor.indexOf("-----END ED"));
        int hours = ByteBuffer.wrap(Base64.getMimeDecoder().decode(body)).getInt(2);
        return Duration.between(Instant.now(), Instant.EPOCH.plus(Duration.ofHours(hours)));
    }

    /// Relays of C tor, which have no DirPort either.
    private static String fallbacks(PrivateNetwork network) throws IOException {
        List<String> quoted = new ArrayList<>();
        for (TorNode relay : network.relays()) {
            TorNode.Place at = relay.place();
            quoted.add("\"" + at.address() + " orport=" + at.orPort() + " id=" + relay.fingerprint() + "\"");
        }
        return String.join(", ", quoted);
    }

    private static String familyKey(Path data) throws Exception {
        try (RealWorld world = new RealWorld(data, 1, (_, _, _) -> {})) {
            return FamilyKeys.create(world.storage(), FamilyKeys.SHARED_DIRECTORY, "lab", world.entropy());
        }
    }

    private static SallyportConfig config(
            PrivateNetwork network, Path data, List<SallyportConfig.Relay> relays, String family) throws IOException {
        List<String> withoutDirPorts = network.authorityLines().stream()
                .map(line -> line.replaceFirst(" (127[.0-9]+):[0-9]+ ", " $1:9 "))
                .toList();
        assertThat(withoutDirPorts).allMatch(line -> line.contains(":9 "));
        return new SallyportConfig(
                data,
                withoutDirPorts,
                List.of(network.dns().hostPort()),
                relays,
                List.of(
                        "family { " + family + " }",
                        "process.signing-key-lifetime = 3 d",
                        "network.fallbacks = [" + fallbacks(network) + "]"));
    }
}
