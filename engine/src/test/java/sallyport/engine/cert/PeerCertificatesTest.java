package sallyport.engine.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;

/// The peer's CERTS set: accepted as it should be, and refused for each single thing that can be wrong with it.
class PeerCertificatesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:34:56Z");
    private static final RSAPrivateCrtKey IDENTITY = Rsa.generate(1024);
    private static final RSAPrivateCrtKey OTHER_IDENTITY = Rsa.generate(1024);
    private static final RSAPrivateCrtKey TOO_LONG_IDENTITY = Rsa.generate(2048);
    private static final byte[] MASTER = Ed25519.expand(new byte[] {1});
    private static final byte[] SIGNING = Ed25519.expand(new byte[] {2});
    private static final byte[] AUTH = Ed25519.expand(new byte[] {3});
    private static final byte[] STRANGER = Ed25519.expand(new byte[] {4});
    private static final byte[] TLS = selfSigned(Rsa.generate(1024), NOW, 100);

    @Test
    void aRespondersSetProvesItsIdentity() throws Malformed {
        PeerIdentity peer = PeerCertificates.verify(good(), TLS, true, NOW);

        byte[] pkcs1 = Rsa.pkcs1(IDENTITY);
        assertThat(peer.ed25519()).isEqualTo(Ed25519.publicKey(MASTER));
        assertThat(peer.rsaDigest()).isEqualTo(Hashes.sha1(pkcs1));
        assertThat(peer.rsaIdSha256()).isEqualTo(Hashes.sha256(pkcs1));
        assertThat(peer.authKey()).isNull();
    }

    @Test
    void anInitiatorsSetProvesItsIdentityAndNamesItsKey() throws Malformed {
        PeerIdentity peer = PeerCertificates.verify(good(), new byte[0], false, NOW);

        assertThat(peer.ed25519()).isEqualTo(Ed25519.publicKey(MASTER));
        assertThat(peer.authKey()).isEqualTo(Ed25519.publicKey(AUTH));
    }

    @Test
    void whatIsNotNeededIsNotLookedAt() throws Malformed {
        Map<Integer, byte[]> responder = good();
        responder.put(6, new byte[] {1});
        responder.put(1, new byte[] {1});
        PeerCertificates.verify(responder, TLS, true, NOW);
        Map<Integer, byte[]> initiator = good();
        initiator.put(5, new byte[] {1});
        initiator.put(3, new byte[] {1});
        PeerCertificates.verify(initiator, TLS, false, NOW);
    }

    @Test
    void eachMissingCertificateIsMissed() {
        for (int type : new int[] {2, 4, 5, 7}) {
            refused("without " + type, true, set -> set.remove(type));
        }
        for (int type : new int[] {2, 4, 6, 7}) {
            refused("without " + type, false, set -> set.remove(type));
        }
    }

    /// Every byte of every needed certificate, flipped one at a time.
    @Test
    void eachChangedByteIsNoticed() {
        for (boolean responder : new boolean[] {true, false}) {
            for (int type : responder ? Set.of(2, 4, 5, 7) : Set.of(6)) {
                for (int i = 0; i < certificate(good(), type).length; i++) {
                    int at = i;
                    refused("type " + type + " byte " + at, responder, set -> certificate(set, type)[at] ^= 1);
                }
            }
        }
    }

    @Test
    void theLinkCertificateMustBeTheOneSeen() {
        assertThatThrownBy(() -> PeerCertificates.verify(good(), new byte[] {1}, true, NOW))
                .isInstanceOf(Malformed.class);
        refused("a digest of another kind", true, set -> set.put(5, ed(5, 1, Hashes.sha256(TLS), SIGNING, 48, false)));
    }

    @Test
    void eachLinkOfTheChainMustBeSignedByTheOneBefore() {
        refused("4 without its signer", true, set -> set.put(4, ed(4, 1, pub(SIGNING), MASTER, 48, false)));
        refused("4 of another type", true, set -> set.put(4, ed(8, 1, pub(SIGNING), MASTER, 48, true)));
        refused("4 about no Ed25519 key", true, set -> set.put(4, ed(4, 2, pub(SIGNING), MASTER, 48, true)));
        refused("4 about a stranger", true, set -> set.put(4, ed(4, 1, pub(STRANGER), MASTER, 48, true)));
        refused("4 by a stranger", true, set -> set.put(4, ed(4, 1, pub(SIGNING), STRANGER, 48, true)));
        refused("5 by a stranger", true, set -> set.put(5, ed(5, 3, Hashes.sha256(TLS), STRANGER, 48, false)));
        refused("5 by the master", true, set -> set.put(5, ed(5, 3, Hashes.sha256(TLS), MASTER, 48, false)));
        refused("5 of another type", true, set -> set.put(5, ed(6, 3, Hashes.sha256(TLS), SIGNING, 48, false)));
        refused("6 by a stranger", false, set -> set.put(6, ed(6, 1, pub(AUTH), STRANGER, 48, false)));
        refused("6 of another type", false, set -> set.put(6, ed(5, 1, pub(AUTH), SIGNING, 48, false)));
        refused("6 about no Ed25519 key", false, set -> set.put(6, ed(6, 3, pub(AUTH), SIGNING, 48, false)));
    }

    @Test
    void everythingMustBeInTime() {
        refused("4 expired", true, set -> set.put(4, ed(4, 1, pub(SIGNING), MASTER, -1, true)));
        refused("5 expired", true, set -> set.put(5, ed(5, 3, Hashes.sha256(TLS), SIGNING, -1, false)));
        refused("6 expired", false, set -> set.put(6, ed(6, 1, pub(AUTH), SIGNING, -1, false)));
        refused("7 expired", true, set -> set.put(7, CrossCert.build(IDENTITY, pub(MASTER), hours(-1))));
        refused("2 expired", true, set -> set.put(2, selfSigned(IDENTITY, NOW.minus(Duration.ofDays(13)), 10)));
        refused("2 of the future", true, set -> set.put(2, selfSigned(IDENTITY, NOW.plus(Duration.ofDays(31)), 10)));
    }

    @Test
    void bothIdentitiesMustBelongTogether() {
        refused("7 about another", true, set -> set.put(7, CrossCert.build(IDENTITY, pub(STRANGER), hours(9))));
        refused("7 by another", true, set -> set.put(7, CrossCert.build(OTHER_IDENTITY, pub(MASTER), hours(9))));
        refused("2 of another", true, set -> set.put(2, selfSigned(OTHER_IDENTITY, NOW, 100)));
        refused("7 cut short", true, set -> set.put(7, new byte[36]));
        refused("2 not self-signed", true, set -> set.put(2, certificate(IDENTITY, OTHER_IDENTITY)));
        refused("2 too long", true, set -> {
            set.put(2, selfSigned(TOO_LONG_IDENTITY, NOW, 100));
            // 256 bytes of signature do not fit the length byte: the set below is refused before that matters.
            set.put(7, new byte[37]);
        });
    }

    @FunctionalInterface
    private interface Change {
        void apply(Map<Integer, byte[]> set);
    }

    private static void refused(String what, boolean responder, Change change) {
        Map<Integer, byte[]> set = good();
        change.apply(set);
        assertThatThrownBy(() -> PeerCertificates.verify(set, TLS, responder, NOW))
                .as(what)
                .isInstanceOf(Malformed.class);
    }

    private static final Map<Integer, byte[]> GOOD = Map.of(
            2, selfSigned(IDENTITY, NOW, 100),
            4, ed(4, 1, pub(SIGNING), MASTER, 48, true),
            5, ed(5, 3, Hashes.sha256(TLS), SIGNING, 48, false),
            6, ed(6, 1, pub(AUTH), SIGNING, 48, false),
            7, CrossCert.build(IDENTITY, pub(MASTER), hours(48)));

    private static Map<Integer, byte[]> good() {
        Map<Integer, byte[]> copy = new HashMap<>();
        GOOD.forEach((type, cert) -> copy.put(type, cert.clone()));
        return copy;
    }

    private static byte[] certificate(Map<Integer, byte[]> set, int type) {
        return Objects.requireNonNull(set.get(type));
    }

    private static byte[] ed(int certType, int keyType, byte[] key, byte[] signer, int hours, boolean include) {
        return EdCert.encodeAndSign(certType, hours(hours), keyType, key, signer, include);
    }

    private static byte[] pub(byte[] secret) {
        return Ed25519.publicKey(secret);
    }

    private static Instant hours(int hours) {
        return NOW.plus(Duration.ofHours(hours));
    }

    private static byte[] selfSigned(RSAPrivateCrtKey key, Instant start, int days) {
        return RsaCertificate.build(
                Rsa.publicKey(key), "a", key, "a", new byte[] {1}, start, start.plus(Duration.ofDays(days)));
    }

    private static byte[] certificate(RSAPrivateCrtKey key, RSAPrivateCrtKey issuer) {
        return RsaCertificate.build(Rsa.publicKey(key), "a", issuer, "b", new byte[] {1}, NOW, hours(48));
    }
}
