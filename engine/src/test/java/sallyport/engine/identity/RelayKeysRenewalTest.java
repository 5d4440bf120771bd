package sallyport.engine.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import sallyport.engine.cert.RsaCertificate;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;

/// Keys that end, and those that follow them.
@SuppressWarnings("NullAway") // a file or key that is not there fails the test anyway
class RelayKeysRenewalTest extends KeysOnDisk {
    @Test
    void theMasterSecretMayBeElsewhere() throws Exception {
        RelayKeys before = open();
        storage.delete(MASTER_SECRET);
        RelayKeys after = open();
        assertThat(after.identity().ed25519()).isEqualTo(before.identity().ed25519());
        assertThat(storage.exists(MASTER_SECRET)).isFalse();

        storage.delete(MASTER_PUBLIC);
        assertThat(open().identity().ed25519()).isEqualTo(before.identity().ed25519());
        assertThat(storage.exists(MASTER_PUBLIC)).isTrue();
    }

    @Test
    void withoutTheMasterSecretAnEndedSigningKeyIsAnHonestError() throws Exception {
        RelayKeys keys = open();
        storage.delete(MASTER_SECRET);
        clock.advance(Duration.ofDays(31));

        assertThatThrownBy(this::open)
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("ed25519_signing_cert")
                .hasMessageContaining("tor --keygen");
        String alias = keys.linkCredentials().alias();
        assertThatThrownBy(keys::renewIfDue).isInstanceOf(KeyFileException.class);
        assertThat(keys.linkCredentials().alias()).as("what can be renewed is").isNotEqualTo(alias);
    }

    /// A day before the end the operator is told, every hour, while everything goes on.
    @Test
    void withoutTheMasterSecretTheOperatorIsToldInTime() throws Exception {
        RelayKeys keys = open();
        byte[] cert = keys.signing().signingCert();
        storage.delete(MASTER_SECRET);
        clock.advance(Duration.ofDays(29).plusHours(2));

        assertThatThrownBy(() -> keys.renewIfDue(90, 30))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("ends at 2026-12-21T13:00:00Z")
                .hasMessageContaining("tor --keygen");
        clock.advance(Duration.ofMinutes(59));
        assertThat(keys.renewIfDue(90, 30)).isFalse();
        clock.advance(Duration.ofMinutes(1));
        assertThatThrownBy(() -> keys.renewIfDue(90, 30)).isInstanceOf(KeyFileException.class);
        assertThat(keys.signing().signingCert()).isEqualTo(cert);
        assertThat(open().signing().signingCert()).isEqualTo(cert);
    }

    /// A week ahead, once a day; a new signing key ends it.
    @Test
    void withoutTheMasterSecretTheOperatorIsRemindedAWeekAhead() throws Exception {
        RelayKeys keys = open();
        TreeMap<String, byte[]> renewed = renewedElsewhere(Duration.ofDays(60));
        storage.delete(MASTER_SECRET);
        clock.advance(Duration.ofDays(22));
        assertThat(keys.renewIfDue(90, 30)).isFalse();
        clock.advance(Duration.ofDays(2));
        assertThatThrownBy(() -> keys.renewIfDue(90, 30)).hasMessageContaining("sallyport identity renew");
        clock.advance(Duration.ofHours(23));
        assertThat(keys.renewIfDue(90, 30)).isFalse();

        storage.write(SIGNING_SECRET, renewed.get(SIGNING_SECRET));
        storage.write(SIGNING_CERT, renewed.get(SIGNING_CERT));
        clock.advance(Duration.ofHours(1));
        assertThat(keys.renewIfDue(90, 30))
                .as("the files are read before anything is said")
                .isTrue();
        clock.advance(Duration.ofDays(20));
        assertThat(keys.renewIfDue(90, 30)).isFalse();
    }

    /// A clock that jumps forward by months and back again: everything is renewed, nothing is lost, and
    /// what was made in a wrong future does not outlive its time in the right present by more than its own
    /// lifetime.
    @Test
    void aClockThatJumpsLosesNoKey() throws Exception {
        RelayKeys keys = open();
        String fingerprint = keys.identity().fingerprint();
        byte[] onion = keys.onionKeys().current().publicKey();
        clock.advance(Duration.ofDays(400));
        assertThat(keys.renewIfDue()).isTrue();
        assertThat(keys.signingKeyExpires()).isAfter(clock.instant().plus(Duration.ofDays(29)));
        assertThat(keys.onionKeys().previous().publicKey()).isEqualTo(onion);
        assertProves(keys.linkCredentials(), keys.identity());

        clock.advance(Duration.ofDays(-400));
        String alias = keys.linkCredentials().alias();
        keys.renewIfDue();
        assertThat(keys.linkCredentials().alias())
                .as("made in a future that is none")
                .isNotEqualTo(alias);
        assertProves(keys.linkCredentials(), keys.identity());
        RelayKeys again = open();
        assertThat(again.identity().fingerprint()).isEqualTo(fingerprint);
        assertThat(again.onionKeys().current().publicKey())
                .isEqualTo(keys.onionKeys().current().publicKey());
        clock.advance(Duration.ofDays(29));
        assertThat(again.renewIfDue())
                .as("rotation counts from the time that was found")
                .isTrue();
    }

    /// A full disk stops the onion key, yet the link key needs no disk.
    @Test
    void oneRenewalThatFailsKeepsNoOtherFromItsTurn() throws Exception {
        RelayKeys keys = open();
        String alias = keys.linkCredentials().alias();
        clock.advance(Duration.ofDays(28));
        storage.fullAfter(0);

        assertThatThrownBy(keys::renewIfDue)
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("secret_onion_key.old");
        assertThat(keys.linkCredentials().alias()).isNotEqualTo(alias);
    }

    @Test
    void theSigningKeyIsRenewedADayBeforeItsEnd() throws Exception {
        RelayKeys keys = open();
        byte[] first = keys.signing().signingCert();
        clock.advance(Duration.ofDays(28));
        keys.renewIfDue(90, 30);
        assertThat(keys.signing().signingCert()).isEqualTo(first);

        clock.advance(Duration.ofDays(1).plusHours(1));
        assertThat(keys.renewIfDue(90, 30)).isTrue();
        byte[] second = keys.signing().signingCert();
        assertThat(second).isNotEqualTo(first);
        assertThat(keys.linkCredentials().signingCert()).isEqualTo(second);
        assertProves(keys.linkCredentials(), keys.identity());
        assertThat(keys.renewIfDue(90, 30)).isFalse();
        assertThat(open().signing().signingCert()).isEqualTo(second);
    }

    /// The master secret is elsewhere; the operator copies a new signing key here long before the old one
    /// ends, and says so.
    @Test
    void aReloadTakesASigningKeyThatIsNotYetDue() throws Exception {
        RelayKeys running = open();
        assertThat(running.reload()).isFalse();
        storage.delete(KEYS + "/ed25519_signing_cert");
        byte[] fresh = open().signing().signingCert();
        assertThat(running.renewIfDue(90, 30)).isFalse();
        assertThat(running.signing().signingCert()).isNotEqualTo(fresh);

        assertThat(running.reload()).isTrue();
        assertThat(running.signing().signingCert()).isEqualTo(fresh);
        assertThat(running.linkCredentials().signingCert()).isEqualTo(fresh);
        assertProves(running.linkCredentials(), running.identity());
    }

    /// Another process (or `tor --keygen`) may have renewed the files: they are taken, not replaced.
    @Test
    void aSigningKeyRenewedOutsideIsTaken() throws Exception {
        RelayKeys running = open();
        clock.advance(Duration.ofDays(29).plusHours(2));
        RelayKeys other = open();
        TreeMap<String, byte[]> before = storage.content();
        assertThat(running.signing().signingCert()).isNotEqualTo(other.signing().signingCert());

        assertThat(running.renewIfDue(90, 30)).isTrue();
        assertThat(running.signing().signingCert()).isEqualTo(other.signing().signingCert());
        assertSame(before, storage.content());
    }

    /// The process died between the two files of a signing key.
    @Test
    void aHalfRenewedSigningKeyIsRenewedAgain() throws Exception {
        RelayKeys keys = open();
        byte[] stale = storage.content().get(SIGNING_CERT);
        clock.advance(Duration.ofDays(29).plusHours(2));
        keys.renewIfDue(90, 30);
        storage.write(SIGNING_CERT, stale);

        assertProves(open().linkCredentials(), keys.identity());
        assertThat(storage.content().get(SIGNING_CERT)).isNotEqualTo(stale);
    }

    @Test
    void theLinkKeyLivesTwoHours() throws Exception {
        RelayKeys keys = open();
        LinkCredentials first = keys.linkCredentials();
        clock.advance(Duration.ofMinutes(119));
        assertThat(keys.renewIfDue()).isFalse();
        assertThat(keys.linkCredentials()).isSameAs(first);

        clock.advance(Duration.ofMinutes(1));
        assertThat(keys.renewIfDue()).as("no new descriptor for a new link key").isFalse();
        LinkCredentials second = keys.linkCredentials();
        assertThat(second.alias()).isNotEqualTo(first.alias());
        assertThat(second.tlsKey()).isNotEqualTo(first.tlsKey());
        assertThat(second.authSecret()).isNotEqualTo(first.authSecret());
        assertProves(second, keys.identity());
    }

    @Test
    void theOnionKeyRotatesAndTheOldOneStaysForItsGrace() throws Exception {
        RelayKeys keys = open();
        NtorKeyPair first = keys.onionKeys().current();
        byte[] tap = keys.signing().tapOnionKey();
        assertThat(keys.onionKeys().previous()).isNull();
        clock.advance(Duration.ofDays(28).minusSeconds(1));
        assertThat(keys.renewIfDue()).isFalse();

        clock.advance(Duration.ofSeconds(1));
        assertThat(keys.renewIfDue()).isTrue();
        NtorKeyPair second = keys.onionKeys().current();
        assertThat(second.secret()).isNotEqualTo(first.secret());
        assertThat(Curve25519.publicKey(second.secret())).isEqualTo(second.publicKey());
        assertThat(keys.onionKeys().previous()).isEqualTo(first);
        assertThat(keys.signing().tapOnionKey()).isNotEqualTo(tap);
        assertThat(open().onionKeys().previous().secret()).isEqualTo(first.secret());

        clock.advance(Duration.ofDays(7));
        keys.renewIfDue();
        assertThat(keys.onionKeys().previous()).isNull();
        assertThat(storage.exists(NTOR + ".old")).isFalse();
        assertThat(storage.exists(KEYS + "/secret_onion_key.old")).isFalse();
        assertThat(keys.onionKeys().current()).isSameAs(second);
    }

    /// C tor's SigningKeyLifetime: what is there keeps its time, and the next key has the new one.
    @Test
    void aNewSigningKeyIsGoodForAsLongAsIsWanted() throws Exception {
        AtomicReference<KeyLifetimes> wanted =
                new AtomicReference<>(new KeyLifetimes(Duration.ofDays(3), Duration.ofDays(10)));
        RelayKeys keys = RelayKeys.open(storage, KEYS, new SeededEntropy(3), clock, wanted::get, 1024);
        Instant first = keys.signingKeyExpires();
        assertThat(Duration.between(clock.instant(), first)).isBetween(Duration.ofDays(3), Duration.ofHours(73));

        RsaCertificate tls = RsaCertificate.decode(keys.linkCredentials().tlsCertificateDer());
        assertThat(Duration.between(tls.notBefore(), tls.notAfter())).isEqualTo(Duration.ofDays(10));

        wanted.set(new KeyLifetimes(Duration.ofDays(60), Duration.ofDays(20)));
        assertThat(keys.renewIfDue()).isFalse();
        assertThat(keys.signingKeyExpires()).isEqualTo(first);
        clock.advance(Duration.ofDays(2).plusHours(2));
        assertThat(keys.renewIfDue()).isTrue();
        assertThat(Duration.between(clock.instant(), keys.signingKeyExpires()))
                .isBetween(Duration.ofDays(60), Duration.ofHours(60 * 24 + 1));
    }

    /// Wherever a rotation breaks off, a key that clients know stays usable after the next start.
    @Test
    void aRotationThatBreaksOffLosesNoPublishedKey() throws Exception {
        for (int fullAfter = 0; fullAfter < 5; fullAfter++) {
            MemoryStorage disk = new MemoryStorage();
            SettableClock time = new SettableClock();
            RelayKeys keys = RelayKeys.open(disk, KEYS, new SeededEntropy(3), time, 1024);
            byte[] published = keys.onionKeys().current().publicKey();
            time.advance(Duration.ofDays(29));
            disk.fullAfter(fullAfter);
            assertThatThrownBy(keys::renewIfDue).isInstanceOf(KeyFileException.class);
            assertThat(keys.onionKeys().current().publicKey()).isEqualTo(published);

            disk.fullAfter(Integer.MAX_VALUE);
            RelayKeys restarted = RelayKeys.open(disk, KEYS, new SeededEntropy(4), time, 1024);
            restarted.renewIfDue();
            OnionKeys onion = restarted.onionKeys();
            boolean known = Arrays.equals(onion.current().publicKey(), published)
                    || (onion.previous() != null
                            && Arrays.equals(onion.previous().publicKey(), published));
            assertThat(known).as("full after " + fullAfter).isTrue();
        }
    }

    private TreeMap<String, byte[]> renewedElsewhere(Duration lifetime) throws Exception {
        MemoryStorage safe = new MemoryStorage();
        storage.content().forEach((name, bytes) -> {
            try {
                safe.write(name, bytes);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        new OfflineKeys(safe, KEYS, new SeededEntropy(99), clock).renew(() -> new byte[0], lifetime);
        return safe.content();
    }
}
