package sallyport.supervisor.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.identity.FoundKeys;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.doctor.IdentityFacts.Listed;
import sallyport.supervisor.doctor.IdentityFacts.Relay;

/// What is predicted of a fleet, fault by fault.
class IdentityCheckTest {
    private static final Instant NOW = Instant.parse("2027-03-01T00:00:00Z");
    private static final String FAMILY = "ids";
    private static final String OTHER = "F".repeat(40);
    private static final String CONTACT =
            "email:a[]example.org url:https://example.org" + " proof:uri-familyid-ed25519 ciissversion:3";

    @TempDir
    Path directory;

    @Test
    void aGoodFleetHasNoFindings() throws Exception {
        assertThat(examine(relay("a", 1, CONTACT, ""), relay("b", 2, CONTACT, "")))
                .isEmpty();
    }

    @Test
    void keysAreOfOneIdentityAndOfTheOneThatIsKnown() throws Exception {
        Relay good = relay("a", 1, CONTACT, "");
        assertThat(examine(with(good, Optional.empty(), "secret_id_key: is missing", "", "")))
                .containsExactly("D155 error a: secret_id_key: is missing");
        assertThat(examine(with(good, Optional.empty(), "", "", ""))).containsExactly("D155 note a has no keys");
        assertThat(examine(with(good, Optional.empty(), "", "", good.fingerprint())))
                .containsExactly("D155 error a has no keys, yet the lock file has its fingerprint");
        assertThat(examine(with(good, good.keys(), "", "other", "")))
                .containsExactly("D155 error a ran here with the Ed25519 identity other, and has another one now");
        assertThat(examine(with(good, good.keys(), "", Base64Text.unpadded(bytes(32, 1)), good.fingerprint())))
                .isEmpty();
        assertThat(examine(with(good, good.keys(), "", "", OTHER)))
                .singleElement()
                .asString()
                .startsWith("D155 error a has the fingerprint 0101");
        assertThat(examine(good, relay("b", 1, CONTACT, ""))).contains("D154 error a and b have the same keys");
    }

    @Test
    void aSigningKeyThatNobodyHereRenewsIsWatched() throws Exception {
        Relay good = relay("a", 1, CONTACT, "");
        assertThat(examine(signedUntil(good, NOW.plus(Duration.ofDays(14)), true)))
                .isEmpty();
        assertThat(examine(signedUntil(good, NOW.plus(Duration.ofDays(16)), false)))
                .isEmpty();
        assertThat(examine(signedUntil(good, NOW.plus(Duration.ofDays(14)), false)))
                .containsExactly("D150 warning a: its signing key ends at 2027-03-15T00:00:00Z");
        assertThat(examine(signedUntil(good, NOW, false)))
                .containsExactly("D150 error a: its signing key ended at 2027-03-01T00:00:00Z");
    }

    @Test
    void theFamilyIsDeclaredByAllAndBothWays() throws Exception {
        Relay a = relay("a", 1, "a", "family.others = [\"" + OTHER + "\"]");
        Relay keyless = keyless(a);
        assertThat(examine(relay("a", 1, "a ciissversion:3", ""), keyless(relay("b", 2, "a ciissversion:3", ""))))
                .containsExactly("D140 error the relays show different family keys");
        assertThat(examine(
                        keyless(relay("a", 1, "a ciissversion:3", "family.together = false")),
                        keyless(relay("b", 2, "a ciissversion:3", "family.together = false"))))
                .containsExactly("D140 error neither list nor certificate: a, b");
        IdentityFacts facts =
                new IdentityFacts(List.of(keyless), List.of(), Map.of(OTHER, List.of(OTHER)), Optional.empty(), NOW);
        assertThat(texts(facts)).contains("D140 warning " + OTHER + " does not declare " + keyless.fingerprint());
        IdentityFacts mutual = new IdentityFacts(
                List.of(keyless), List.of(), Map.of(OTHER, List.of(keyless.fingerprint())), Optional.empty(), NOW);
        assertThat(texts(mutual)).noneMatch(text -> text.startsWith("D140"));
    }

    @Test
    void theContactIsReadAndProvedAsValidatorsDo() throws Exception {
        assertThat(examine(relay("a", 1, "", ""))).containsExactly("D143 warning without contact: a");
        assertThat(examine(relay("a", 1, "me", ""))).containsExactly("D143 note contact without ciissversion: a");
        assertThat(examine(relay("a", 1, CONTACT, ""), relay("b", 2, CONTACT.replace("a[]", "b[]"), "")))
                .containsExactly("D143 warning the relays have different values of email in their contacts");
        assertThat(examine(keyless(relay("a", 1, CONTACT, ""))))
                .containsExactly("D142 error a: proof:uri-familyid-ed25519 without a family key");
        assertThat(published(relay("a", 1, CONTACT, ""), "ed25519-family-id.txt", FAMILY))
                .isEmpty();
        assertThat(published(relay("a", 1, CONTACT, ""), "ed25519-family-id.txt", "IDS"))
                .containsExactly("D142 error a: ed25519-family-id.txt has ids in other capitals");
        assertThat(published(relay("a", 1, CONTACT, ""), "rsa-fingerprint.txt", "x"))
                .containsExactly("D142 error a: ed25519-family-id.txt is missing");
        String second = CONTACT.replace("uri-familyid-ed25519", "uri-rsa").replace("sion:3", "sion:2");
        assertThat(published(relay("a", 1, second, ""), "rsa-fingerprint.txt", "01".repeat(20)))
                .isEmpty();
        assertThat(published(relay("a", 1, second, ""), "rsa-fingerprint.txt", OTHER))
                .containsExactly("D142 error a: rsa-fingerprint.txt lacks " + "01".repeat(20));
    }

    @Test
    void whatTheConsensusListsElsewhereOrInstead() throws Exception {
        Relay a = relay("a", 1, CONTACT, "");
        assertThat(listed(a, new Listed("a", a.fingerprint(), "192.0.2.1", 9001)))
                .isEmpty();
        assertThat(listed(a, new Listed("a", a.fingerprint(), "192.0.2.7", 9001)))
                .containsExactly("D154 warning a is listed at 192.0.2.7:9001, and is to run at 192.0.2.1:9001");
        assertThat(listed(a, new Listed("b", OTHER, "192.0.2.1", 9001)))
                .containsExactly("D154 warning a relay with other keys, " + OTHER + ", is listed at the address of a");
        assertThat(listed(a, new Listed("A", OTHER, "192.0.2.9", 9001)))
                .containsExactly("D156 note a has the nickname of " + OTHER + ", A");
    }

    /// dir-spec 3.4.1 and 3.3: the form of the files in the cache.
    @Test
    void theCacheOfTheProcessIsRead() throws Exception {
        byte[] identity = bytes(20, 5);
        Path cache = Files.createDirectories(directory.resolve("directory"));
        assertThat(ListedRelays.in(directory).relays()).isEmpty();
        String microdescriptor =
                "onion-key\nntor-onion-key " + Base64Text.unpadded(bytes(32, 6)) + "\nfamily $" + OTHER + " nickname\n";
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(microdescriptor.getBytes(StandardCharsets.US_ASCII));
        Files.writeString(
                Files.createDirectories(cache.resolve("cached-microdescs")).resolve("a"), microdescriptor);
        Files.writeString(
                cache.resolve("cached-microdesc-consensus"),
                "network-status-version 3 microdesc\nr sally " + Base64Text.unpadded(identity)
                        + " 2038-01-01 00:00:00 192.0.2.1 9001 0\nm " + Base64Text.unpadded(digest)
                        + "\ns Exit Running\n");
        assertThat(ListedRelays.in(directory).relays())
                .containsExactly(new Listed("sally", Hex.upper(identity), "192.0.2.1", 9001));
        assertThat(ListedRelays.in(directory).families()).isEqualTo(Map.of(Hex.upper(identity), List.of(OTHER)));
    }

    private List<String> listed(Relay relay, Listed listed) {
        return texts(new IdentityFacts(List.of(relay), List.of(listed), Map.of(), Optional.empty(), NOW));
    }

    private List<String> published(Relay relay, String file, String line) {
        return texts(
                new IdentityFacts(List.of(relay), List.of(), Map.of(), Optional.of(Map.of(file, List.of(line))), NOW));
    }

    private static List<String> examine(Relay... relays) {
        return texts(new IdentityFacts(List.of(relays), List.of(), Map.of(), Optional.empty(), NOW));
    }

    private static List<String> texts(IdentityFacts facts) {
        return IdentityCheck.examine(facts).stream()
                .map(finding -> finding.id() + " " + finding.severity() + " " + finding.what())
                .toList();
    }

    private Relay relay(String id, int seed, String contact, String more) throws Exception {
        Path file =
                Files.writeString(directory.resolve(id + ".conf"), """
                data-directory = "%s/data"
                relays = [ { nickname = %s, address = "192.0.2.%d", or-port = 9001, contact = "%s" } ]
                %s
                """.formatted(directory, id, seed, contact, more));
        InstanceSpec spec = new ConfigReader().read(file).relays().getFirst();
        RelayIdentity identity = new RelayIdentity(bytes(1, seed), bytes(20, seed), bytes(32, seed));
        return new Relay(
                spec,
                Optional.of(new FoundKeys(identity, NOW.plus(Duration.ofDays(30)), true)),
                "",
                List.of(FAMILY),
                "",
                "",
                "");
    }

    private static Relay keyless(Relay relay) {
        return new Relay(relay.spec(), relay.keys(), "", List.of(), "", "", "");
    }

    private static Relay with(Relay relay, Optional<FoundKeys> keys, String fault, String ranAs, String recorded) {
        return new Relay(relay.spec(), keys, fault, relay.familyIds(), "", ranAs, recorded);
    }

    private static Relay signedUntil(Relay relay, Instant expires, boolean canRenew) {
        FoundKeys keys = new FoundKeys(relay.keys().orElseThrow().identity(), expires, canRenew);
        return with(relay, Optional.of(keys), "", "", "");
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
