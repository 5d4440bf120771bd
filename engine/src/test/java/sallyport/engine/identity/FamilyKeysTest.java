package sallyport.engine.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sallyport.engine.cert.EdCert;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;

class FamilyKeysTest {
    private static final List<String> PLACES = List.of("family-keys", "relays/r1/keys");

    private final MemoryStorage storage = new MemoryStorage();
    private final SettableClock clock = new SettableClock();

    @Test
    void theFilesAreCTors() throws Exception {
        String id = FamilyKeys.create(storage, "family-keys", "ours", new SeededEntropy(1));
        byte[] secret = content("family-keys/ours.secret_family_key");

        assertThat(secret).hasSize(96);
        assertThat(new String(secret, 0, 32, StandardCharsets.ISO_8859_1))
                .startsWith("== ed25519v1-secret: fmly-id ==\0");
        assertThat(content("family-keys/ours.public_family_id"))
                .asString(StandardCharsets.US_ASCII)
                .hasSize(44)
                .isEqualTo(id + "\n");
    }

    @Test
    void aCertificateIsTheFamilysWordForTheRelay() throws Exception {
        String id = FamilyKeys.create(storage, "relays/r1/keys", "ours", new SeededEntropy(1));
        byte[] relay = new byte[32];
        Arrays.fill(relay, (byte) 9);
        FamilyKeys keys = FamilyKeys.read(storage, PLACES, List.of(id));
        EdCert cert = EdCert.decode(
                keys.certificates(relay, clock.instant().plusSeconds(3600)).getFirst());

        assertThat(keys.ids()).containsExactly(id);
        assertThat(cert.certType()).isEqualTo(0x0c);
        assertThat(cert.certifiedKey()).isEqualTo(relay);
        cert.verify(Objects.requireNonNull(cert.signingKey()), clock.instant());
    }

    @Test
    void allMeansEveryKeyOnce() throws Exception {
        String one = FamilyKeys.create(storage, "family-keys", "one", new SeededEntropy(1));
        String two = FamilyKeys.create(storage, "relays/r1/keys", "two", new SeededEntropy(2));
        storage.write("relays/r1/keys/copy.secret_family_key", content("family-keys/one.secret_family_key"));

        assertThat(FamilyKeys.read(storage, PLACES, List.of("*")).ids()).containsExactlyInAnyOrder(one, two);
        assertThat(FamilyKeys.read(storage, PLACES, List.of(two)).ids()).containsExactly(two);
        assertThat(FamilyKeys.read(storage, PLACES, List.of()).ids()).isEmpty();
    }

    @Test
    void whatIsMissingOrCorruptIsNamedAndNothingIsOverwritten() throws Exception {
        assertThatThrownBy(() -> FamilyKeys.read(storage, PLACES, List.of("*")))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("/memory/family-keys and /memory/relays/r1/keys: hold no file");
        String id = FamilyKeys.create(storage, "family-keys", "ours", new SeededEntropy(1));
        assertThatThrownBy(() -> FamilyKeys.read(storage, PLACES, List.of("A".repeat(43))))
                .hasMessageContaining("of the family " + "A".repeat(43));
        assertThatThrownBy(() -> FamilyKeys.create(storage, "family-keys", "ours", new SeededEntropy(2)))
                .hasMessageContaining("ours.secret_family_key: exists already");
        assertThat(FamilyKeys.read(storage, PLACES, List.of(id)).toString())
                .as("no secret shows")
                .isEqualTo("FamilyKeys[" + id + "]");

        storage.write("family-keys/ours.secret_family_key", new byte[96]);
        assertThatThrownBy(() -> FamilyKeys.read(storage, PLACES, List.of(id)))
                .hasMessageContaining("ours.secret_family_key: does not begin with '== ed25519v1-secret: fmly-id =='");
    }

    private byte[] content(String name) {
        return Objects.requireNonNull(storage.content().get(name));
    }
}
