package sallyport.engine.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.EdCert;
import sallyport.engine.cert.PeerCertificates;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.cert.RsaCertificate;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;

@SuppressWarnings("NullAway") // a file or key that is not there fails the test anyway
class RelayKeysTest {
    private static final String KEYS = "relays/r1/keys";
    private static final String MASTER_SECRET = KEYS + "/ed25519_master_id_secret_key";
    private static final String MASTER_PUBLIC = KEYS + "/ed25519_master_id_public_key";
    private static final String SIGNING_SECRET = KEYS + "/ed25519_signing_secret_key";
    private static final String SIGNING_CERT = KEYS + "/ed25519_signing_cert";
    private static final String NTOR = KEYS + "/secret_onion_key_ntor";

    private final MemoryStorage storage = new MemoryStorage();
    private final SettableClock clock = new SettableClock();
    private int seed = 1;

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
        RelayIdentity shown = RelayKeys.identityIn(storage, KEYS, new SeededEntropy(9), clock);
        RelayIdentity opened = open().identity();
        assertThat(opened.fingerprint()).isEqualTo(shown.fingerprint());
        assertThat(opened.ed25519()).isEqualTo(shown.ed25519());
        assertThat(RelayKeys.identityIn(storage, KEYS, new SeededEntropy(9), clock)
                        .fingerprint())
                .isEqualTo(shown.fingerprint());
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
    void ourOwnCredentialsPassThePeersCheck() throws Exception {
        RelayKeys keys = RelayKeys.open(storage, KEYS, new SeededEntropy(2), clock);

        assertProves(keys.linkCredentials(), keys.identity());
        assertThat(keys.linkCredentials().toString()).doesNotContain("modulus");
        RsaCertificate tls = RsaCertificate.decode(keys.linkCredentials().tlsCertificateDer());
        tls.verify(Rsa.publicKey(keys.identity().rsaPkcs1()), clock.instant());
        assertThat(tls.key().getModulus().bitLength()).isEqualTo(2048);
        assertThat(tls.notBefore()).isBefore(clock.instant());
        assertThat(tls.notAfter()).isAfter(clock.instant().plus(Duration.ofDays(1)));
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

    @Test
    void signaturesAndCrossCertificatesHold() throws Exception {
        RelayKeys keys = open();
        SigningMaterial signing = keys.signing();
        EdCert cert = EdCert.decode(signing.signingCert());
        byte[] message = {1, 2, 3};
        assertThat(Ed25519.verify(cert.certifiedKey(), message, signing.edSign(message)))
                .isTrue();
        byte[] digest = Hashes.sha1(message);
        assertThat(Rsa.verifyRaw(Rsa.publicKey(keys.identity().rsaPkcs1()), digest, signing.rsaSign(digest)))
                .isTrue();
        byte[] both = Arrays.copyOf(keys.identity().rsaDigest(), 52);
        System.arraycopy(keys.identity().ed25519(), 0, both, 20, 32);
        assertThat(Rsa.verifyRaw(Rsa.publicKey(signing.tapOnionKey()), both, signing.tapCrossCert()))
                .isTrue();
    }

    /// The certificate's key is the Edwards form of the ntor key: v = (u - 1) / (u + 1), sign by the bit.
    @Test
    void theNtorCrossCertificateIsSignedByTheConvertedKey() throws Exception {
        for (int i = 0; i < 6; i++) {
            MemoryStorage disk = new MemoryStorage();
            RelayKeys keys = RelayKeys.open(disk, KEYS, new SeededEntropy(100 + i), clock, 1024);
            SigningMaterial.NtorCrossCert cross =
                    keys.signing().ntorCrossCert(clock.instant().plus(Duration.ofDays(28)));
            byte[] edwards = edwards(keys.signing().ntorOnionKey(), cross.bit());

            EdCert cert = EdCert.decode(cross.cert());
            cert.verify(edwards, clock.instant());
            assertThat(cert.certType()).isEqualTo(0x0a);
            assertThat(cert.certifiedKey()).isEqualTo(keys.identity().ed25519());
            assertThat(cross.cert()).hasSize(104);
            edwards[31] ^= (byte) 0x80;
            assertThatThrownBy(() -> cert.verify(edwards, clock.instant())).isInstanceOf(Malformed.class);
        }
    }

    private static byte[] edwards(byte[] montgomery, int bit) {
        java.math.BigInteger p = java.math.BigInteger.TWO.pow(255).subtract(java.math.BigInteger.valueOf(19));
        java.math.BigInteger u = new java.math.BigInteger(1, reversed(montgomery));
        java.math.BigInteger one = java.math.BigInteger.ONE;
        byte[] y = reversed(
                fixed(u.subtract(one).multiply(u.add(one).modInverse(p)).mod(p)));
        y[31] |= (byte) (bit << 7);
        return y;
    }

    private static byte[] fixed(java.math.BigInteger value) {
        byte[] raw = value.toByteArray();
        byte[] out = new byte[32];
        int take = Math.min(32, raw.length);
        System.arraycopy(raw, raw.length - take, out, 32 - take, take);
        return out;
    }

    private static byte[] reversed(byte[] in) {
        byte[] out = new byte[in.length];
        for (int i = 0; i < in.length; i++) {
            out[i] = in[in.length - 1 - i];
        }
        return out;
    }

    private void assertProves(LinkCredentials link, RelayIdentity identity) throws Malformed {
        Map<Integer, byte[]> set = new HashMap<>(Map.of(
                2, link.idCertificateDer(),
                4, link.signingCert(),
                5, link.linkCert(),
                6, link.authCert(),
                7, link.crossCert()));
        PeerIdentity asResponder = PeerCertificates.verify(set, link.tlsCertificateDer(), true, clock.instant());
        PeerIdentity asInitiator = PeerCertificates.verify(set, new byte[0], false, clock.instant());
        assertThat(asResponder.rsaDigest()).isEqualTo(identity.rsaDigest());
        assertThat(asResponder.ed25519()).isEqualTo(identity.ed25519());
        assertThat(asInitiator.authKey()).isEqualTo(Ed25519.publicKey(link.authSecret()));
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

    private static void assertSame(Map<String, byte[]> before, Map<String, byte[]> after) {
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, content) -> assertThat(after.get(name)).as(name).isEqualTo(content));
    }

    private static void assertTagged(byte[] content, String head, int size) {
        assertThat(content).hasSize(size);
        byte[] header = Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), 32);
        assertThat(Arrays.copyOf(content, 32)).isEqualTo(header);
    }

    private String text(String file) {
        return new String(storage.content().get(KEYS + "/" + file), StandardCharsets.US_ASCII);
    }

    private RelayKeys open() throws Exception {
        return RelayKeys.open(storage, KEYS, new SeededEntropy(seed++), clock, 1024);
    }
}
