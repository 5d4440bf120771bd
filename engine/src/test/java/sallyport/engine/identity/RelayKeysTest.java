package sallyport.engine.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;

/// The keys as files: which there are, and what a damaged one leads to.
@SuppressWarnings("NullAway") // a file or key that is not there fails the test anyway
class RelayKeysTest extends KeysOnDisk {
    /// Sizes and heads of the files are C tor's to the byte.
    @Test
    void aNewRelayGetsExactlyCTorsFiles() throws Exception {
        RelayKeys keys = open();
        TreeMap<String, byte[]> files = storage.content();

        assertThat(files.keySet())
                .containsExactlyInAnyOrder(
                        KEYS + "/secret_id_key",
                        KEYS + "/secret_onion_key",
                        MASTER_SECRET,
                        MASTER_PUBLIC,
                        SIGNING_SECRET,
                        SIGNING_CERT,
                        NTOR,
                        "relays/r1/state");
        assertTagged(files.get(MASTER_SECRET), "== ed25519v1-secret: type0 ==", 96);
        assertTagged(files.get(MASTER_PUBLIC), "== ed25519v1-public: type0 ==", 64);
        assertTagged(files.get(SIGNING_SECRET), "== ed25519v1-secret: type4 ==", 96);
        assertTagged(files.get(SIGNING_CERT), "== ed25519v1-cert: type4 ==", 172);
        assertTagged(files.get(NTOR), "== c25519v1: onion ==", 96);
        assertThat(text("secret_id_key")).startsWith("-----BEGIN RSA PRIVATE KEY-----\n");
        assertThat(new String(files.get("relays/r1/state"), StandardCharsets.UTF_8))
                .isEqualTo("LastRotatedOnionKey 2026-11-21 12:34:56\n");
        assertThat(keys.identity().fingerprint()).matches("[0-9A-F]{40}");
        assertThat(Ed25519.publicKey(Arrays.copyOfRange(files.get(MASTER_SECRET), 32, 96)))
                .isEqualTo(keys.identity().ed25519());
    }

    @Test
    void openingAgainChangesNoFileAndFindsTheSameKeys() throws Exception {
        RelayKeys first = open();
        TreeMap<String, byte[]> before = storage.content();
        RelayKeys second = open();

        assertThat(second.identity().fingerprint()).isEqualTo(first.identity().fingerprint());
        assertThat(second.identity().ed25519()).isEqualTo(first.identity().ed25519());
        assertThat(second.onionKeys().current().secret())
                .isEqualTo(first.onionKeys().current().secret());
        assertThat(second.signing().signingCert()).isEqualTo(first.signing().signingCert());
        assertSame(before, storage.content());
    }

    @Test
    void fingerprintFilesAreCTors() throws Exception {
        RelayKeys keys = open();
        keys.writeFingerprints("Nick");
        int writes = storage.written().size();
        keys.writeFingerprints("Nick");

        assertThat(storage.written()).hasSize(writes);
        assertThat(new String(storage.content().get("relays/r1/fingerprint"), StandardCharsets.US_ASCII))
                .isEqualTo("Nick " + keys.identity().fingerprint() + "\n");
        assertThat(new String(storage.content().get("relays/r1/fingerprint-ed25519"), StandardCharsets.US_ASCII))
                .isEqualTo("Nick " + Base64Text.unpadded(keys.identity().ed25519()) + "\n");
    }

    /// Each byte of each Ed25519 and ntor file in turn: a file we cannot trust is named, and stays as it
    /// is.
    @Test
    void aCorruptFileIsNamedAndNeverOverwritten() throws Exception {
        open();
        TreeMap<String, byte[]> good = storage.content();
        for (String name : List.of(MASTER_PUBLIC, SIGNING_CERT, NTOR)) {
            for (int i = 0; i < good.get(name).length; i++) {
                byte[] changed = good.get(name).clone();
                // Curve25519 does not look at the lowest bits of a secret.
                changed[i] ^= 8;
                assertFault(good, name, changed);
            }
        }
        for (String name : good.keySet()) {
            if (!name.endsWith("/state")) {
                assertFault(good, name, new byte[0]);
                assertFault(good, name, Arrays.copyOf(good.get(name), good.get(name).length - 30));
                assertFault(good, name, new byte[20_000]);
            }
        }
    }

    /// `identity show` and the relay, whichever comes first, speak of the same relay.
    @Test
    void theIdentityAloneIsThatOfTheRelay() throws Exception {
        RelayIdentity shown = RelayKeys.identityIn(storage, KEYS, new SeededEntropy(9), clock, KeyLifetimes.DEFAULT);
        RelayIdentity opened = open().identity();
        assertThat(opened.fingerprint()).isEqualTo(shown.fingerprint());
        assertThat(opened.ed25519()).isEqualTo(shown.ed25519());
        assertThat(RelayKeys.identityIn(storage, KEYS, new SeededEntropy(9), clock, KeyLifetimes.DEFAULT)
                        .fingerprint())
                .isEqualTo(shown.fingerprint());
    }

    /// What a descriptor takes can be had without a link key, and is what the relay itself would sign with.
    @Test
    void theSigningMaterialAloneIsThatOfTheRelay() throws Exception {
        SigningMaterial alone = SigningMaterial.in(storage, KEYS, new SeededEntropy(9), clock);
        SigningMaterial opened = open().signing();
        assertThat(opened.identity().fingerprint()).isEqualTo(alone.identity().fingerprint());
        assertThat(opened.signingCert()).isEqualTo(alone.signingCert());
        assertThat(opened.ntorOnionKey()).isEqualTo(alone.ntorOnionKey());
        assertThat(opened.tapOnionKey()).isEqualTo(alone.tapOnionKey());
    }

    @Test
    void keysOfTwoRelaysAreNotMixed() throws Exception {
        open();
        TreeMap<String, byte[]> one = storage.content();
        one.keySet().forEach(storage::delete);
        seed = 77;
        open();
        TreeMap<String, byte[]> other = storage.content();
        assertFault(other, MASTER_PUBLIC, one.get(MASTER_PUBLIC));
        assertFault(other, SIGNING_CERT, one.get(SIGNING_CERT));
        assertFault(other, MASTER_SECRET, one.get(MASTER_SECRET), MASTER_PUBLIC);
    }

    /// Losing one of both identities must not make a third relay of the rest.
    @Test
    void aLostRsaIdentityIsNotReplaced() throws Exception {
        open();
        storage.delete(KEYS + "/secret_id_key");
        TreeMap<String, byte[]> before = storage.content();

        assertThatThrownBy(this::open)
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("secret_id_key")
                .hasMessageContaining("backup");
        assertSame(before, storage.content());
    }

    /// The disk may become full at any write: what was written stays, and the next start ends with one
    /// whole identity.
    @Test
    void aFullDiskLosesNoKeyWrittenBefore() throws Exception {
        open();
        int writes = storage.written().size();
        for (int fullAfter = 0; fullAfter < writes; fullAfter++) {
            MemoryStorage disk = new MemoryStorage();
            disk.fullAfter(fullAfter);
            assertThatThrownBy(() -> RelayKeys.open(disk, KEYS, new SeededEntropy(5), clock, 1024))
                    .isInstanceOf(KeyFileException.class)
                    .hasMessageContaining("/memory/relays/r1/")
                    .hasMessageContaining("No space left");
            TreeMap<String, byte[]> before = disk.content();
            disk.fullAfter(Integer.MAX_VALUE);
            RelayKeys.open(disk, KEYS, new SeededEntropy(6), clock, 1024);
            TreeMap<String, byte[]> after = disk.content();
            before.forEach((name, content) -> {
                boolean identity = name.contains("master") || name.contains("secret_id") || name.contains("onion");
                if (identity) {
                    assertThat(after.get(name)).as(name).isEqualTo(content);
                }
            });
        }
    }

    @Test
    void anEncryptedMasterKeyIsAnHonestError() throws Exception {
        storage.write(KEYS + "/ed25519_master_id_secret_key_encrypted", new byte[] {1});
        storage.write(
                KEYS + "/secret_id_key", Rsa.privatePem(Rsa.generate(1024)).getBytes(StandardCharsets.US_ASCII));
        TreeMap<String, byte[]> before = storage.content();

        assertThatThrownBy(this::open)
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("ed25519_master_id_secret_key_encrypted")
                .hasMessageContaining("encrypted");
        assertSame(before, storage.content());
    }

    @Test
    void otherLinesOfTheStateFileStay() throws Exception {
        storage.write(
                "relays/r1/state",
                "# Tor state file\nLastRotatedOnionKey 2026-11-20 00:00:00\nTorVersion Tor 0.4.9.11\n"
                        .getBytes(StandardCharsets.UTF_8));
        RelayKeys keys = open();
        clock.advance(Duration.ofDays(27).plusHours(12));
        assertThat(keys.renewIfDue()).isTrue();

        assertThat(new String(storage.content().get("relays/r1/state"), StandardCharsets.UTF_8))
                .isEqualTo("# Tor state file\nTorVersion Tor 0.4.9.11\nLastRotatedOnionKey 2026-12-19 00:34:56\n");
    }

    private void assertFault(Map<String, byte[]> good, String name, byte[] bad) throws Exception {
        assertFault(good, name, bad, name);
    }

    private void assertFault(Map<String, byte[]> good, String name, byte[] bad, String named) throws Exception {
        storage.content().keySet().forEach(storage::delete);
        for (Map.Entry<String, byte[]> file : good.entrySet()) {
            storage.write(file.getKey(), file.getValue());
        }
        storage.write(name, bad);
        TreeMap<String, byte[]> before = storage.content();
        assertThatThrownBy(this::open)
                .as(name)
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("/memory/" + named + ":");
        assertSame(before, storage.content());
    }

    private static void assertTagged(byte[] content, String head, int size) {
        assertThat(content).hasSize(size);
        byte[] header = Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), 32);
        assertThat(Arrays.copyOf(content, 32)).isEqualTo(header);
    }
}
