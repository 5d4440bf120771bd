package sallyport.engine.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.EdCert;
import sallyport.engine.cert.RsaCertificate;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SeededEntropy;

/// What the keys sign, as others check it.
@SuppressWarnings("NullAway") // a file or key that is not there fails the test anyway
class RelayKeysProofTest extends KeysOnDisk {
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
}
