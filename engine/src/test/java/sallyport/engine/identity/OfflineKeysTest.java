package sallyport.engine.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;

/// The operator's room, with the master key, and the relay's, with what was copied there.
class OfflineKeysTest {
    private static final byte[] PASSPHRASE = "open sesame".getBytes(US_ASCII);
    private static final String SAFE = "safe/keys/";
    private static final String RELAY = "relays/r1/keys/";
    private static final List<String> TRIO =
            List.of("ed25519_master_id_public_key", "ed25519_signing_secret_key", "ed25519_signing_cert");

    private final MemoryStorage safe = new MemoryStorage();
    private final MemoryStorage relay = new MemoryStorage();
    private final SettableClock clock = new SettableClock();
    private final OfflineKeys offline = new OfflineKeys(safe, "safe/keys", new SeededEntropy(3), clock);

    @Test
    void aRelayRunsOnWhatIsMadeAroundAnEncryptedMasterKey() throws Exception {
        OfflineKeys.Made made = offline.create(PASSPHRASE, false, Duration.ofDays(60));
        assertThat(safe.content().keySet())
                .containsExactlyInAnyOrder(
                        SAFE + "secret_id_key",
                        SAFE + "ed25519_master_id_secret_key_encrypted",
                        SAFE + "ed25519_master_id_public_key",
                        SAFE + "ed25519_signing_secret_key",
                        SAFE + "ed25519_signing_cert");
        copy("secret_id_key");
        TRIO.forEach(this::copy);
        RelayKeys keys = open();

        assertThat(keys.identity().fingerprint()).isEqualTo(made.fingerprint());
        assertThat(Base64Text.unpadded(keys.identity().ed25519())).isEqualTo(made.ed25519());
        assertThat(keys.signingKeyExpires()).isEqualTo(made.expires());

        clock.advance(Duration.ofDays(50));
        OfflineKeys.Made renewed = offline.renew(() -> PASSPHRASE, Duration.ofDays(90));
        assertThat(keys.reload()).isFalse();
        TRIO.forEach(this::copy);
        assertThat(keys.reload()).as("SIGHUP").isTrue();
        assertThat(keys.signingKeyExpires()).isEqualTo(renewed.expires()).isAfter(made.expires());
        assertThat(renewed.ed25519()).isEqualTo(made.ed25519());
    }

    @Test
    void aWrongPassphraseOrAFullDiskChangesNothing() throws Exception {
        offline.create(PASSPHRASE, false, Duration.ofDays(30));
        var before = safe.content();
        assertThatThrownBy(() -> offline.renew(() -> new byte[] {1}, Duration.ofDays(30)))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("ed25519_master_id_secret_key_encrypted: is not opened by this passphrase");
        assertThatThrownBy(() -> offline.create(PASSPHRASE, false, Duration.ofDays(30)))
                .hasMessageContaining("exists already; an identity is never overwritten");
        safe.fullAfter(0);
        assertThatThrownBy(() -> offline.renew(() -> PASSPHRASE, Duration.ofDays(30)))
                .hasMessageContaining("No space left on device");
        assertThat(safe.content()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void anUnencryptedMasterKeyAsksForNoPassphrase() throws Exception {
        offline.create(new byte[0], false, Duration.ofDays(30));
        OfflineKeys.Made renewed = offline.renew(() -> fail("asked"), Duration.ofDays(10));
        assertThat(renewed.expires()).isBefore(clock.instant().plus(Duration.ofDays(11)));
        safe.delete(SAFE + "ed25519_master_id_secret_key");
        assertThatThrownBy(() -> offline.renew(() -> fail("asked"), Duration.ofDays(10)))
                .hasMessageContaining("ed25519_master_id_secret_key: is not here");
    }

    private void copy(String file) {
        try {
            relay.write(RELAY + file, Objects.requireNonNull(safe.content().get(SAFE + file)));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private RelayKeys open() throws Exception {
        return RelayKeys.open(relay, "relays/r1/keys", new SeededEntropy(1), clock, 1024);
    }
}
