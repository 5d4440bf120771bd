package sallyport.engine.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.math.BigInteger;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.util.io.pem.PemReader;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;

class RsaTest {
    private static final RSAPrivateCrtKey KEY = Rsa.generate(1024);

    /// The bare digest stands behind the padding: an ordinary signature would put a DigestInfo before it.
    @Test
    void aRawSignatureIsTypeOnePaddingAroundTheBareDigest() {
        byte[] digest = Hashes.sha1(new byte[] {1});
        byte[] signature = Rsa.signRaw(KEY, digest);
        byte[] opened = new BigInteger(1, signature)
                .modPow(KEY.getPublicExponent(), KEY.getModulus())
                .toByteArray();

        byte[] expected = new byte[127];
        Arrays.fill(expected, (byte) 0xff);
        expected[0] = 1;
        expected[127 - 21] = 0;
        System.arraycopy(digest, 0, expected, 127 - 20, 20);
        assertThat(opened).isEqualTo(expected);
        assertThat(signature).hasSize(128);
    }

    @Test
    void aRawSignatureHoldsForItsDigestAlone() {
        byte[] digest = Hashes.sha256(new byte[] {1});
        byte[] signature = Rsa.signRaw(KEY, digest);

        assertThat(Rsa.verifyRaw(Rsa.publicKey(KEY), digest, signature)).isTrue();
        assertThat(Rsa.verifyRaw(Rsa.publicKey(KEY), Hashes.sha256(new byte[] {2}), signature))
                .isFalse();
        assertThat(Rsa.verifyRaw(Rsa.publicKey(Rsa.generate(1024)), digest, signature))
                .isFalse();
        for (int at : new int[] {0, 1, 64, 127}) {
            byte[] changed = signature.clone();
            changed[at] ^= 4;
            assertThat(Rsa.verifyRaw(Rsa.publicKey(KEY), digest, changed)).isFalse();
        }
        assertThat(Rsa.verifyRaw(Rsa.publicKey(KEY), digest, new byte[0])).isFalse();
        assertThat(Rsa.verifyRaw(Rsa.publicKey(KEY), digest, new byte[200])).isFalse();
    }

    @Test
    void pemOfAPrivateKeyReadsBackAndIsWhatOthersRead() throws Exception {
        String pem = Rsa.privatePem(KEY);

        assertThat(Rsa.readPrivatePem(pem)).isEqualTo(KEY);
        assertThat(Rsa.readPrivatePem(pem + "\0")).as("as C tor ends its files").isEqualTo(KEY);
        byte[] der = new PemReader(new StringReader(pem)).readPemObject().getContent();
        assertThat(org.bouncycastle.asn1.pkcs.RSAPrivateKey.getInstance(der).getPrivateExponent())
                .isEqualTo(KEY.getPrivateExponent());
        assertThat(org.bouncycastle.asn1.pkcs.RSAPrivateKey.getInstance(der).getEncoded())
                .isEqualTo(der);
    }

    @Test
    void aPublicKeyReadsBack() throws Malformed {
        byte[] pkcs1 = Rsa.pkcs1(KEY);

        assertThat(Rsa.publicKey(pkcs1)).isEqualTo(Rsa.publicKey(KEY));
        assertThat(pkcs1).hasSize(140);
    }

    /// A key whose parts belong to two relays would sign with one identity and name the other.
    @Test
    void numbersThatDoNotBelongTogetherAreRefused() {
        RSAPrivateCrtKey other = Rsa.generate(1024);
        byte[] mixed = Der.sequence(
                Der.integer(0),
                Der.integer(KEY.getModulus()),
                Der.integer(KEY.getPublicExponent()),
                Der.integer(other.getPrivateExponent()),
                Der.integer(KEY.getPrimeP()),
                Der.integer(KEY.getPrimeQ()),
                Der.integer(KEY.getPrimeExponentP()),
                Der.integer(KEY.getPrimeExponentQ()),
                Der.integer(KEY.getCrtCoefficient()));
        String pem = Rsa.privatePem(KEY).lines().findFirst().orElseThrow()
                + "\n"
                + sallyport.engine.bytes.Base64Text.wrapped(mixed)
                + "-----END RSA PRIVATE KEY-----\n";

        assertThatThrownBy(() -> Rsa.readPrivatePem(pem)).isInstanceOf(Malformed.class);
    }

    @Test
    void anythingElseIsMalformedAndNothingWorse() {
        Random random = new Random(1);
        byte[] pkcs1 = Rsa.pkcs1(KEY);
        String pem = Rsa.privatePem(KEY);
        for (int i = 0; i < 2000; i++) {
            byte[] key = pkcs1.clone();
            key[random.nextInt(8)] = (byte) random.nextInt();
            ignoringMalformed(() -> Rsa.publicKey(key));
            byte[] cut = Arrays.copyOf(pkcs1, random.nextInt(pkcs1.length));
            assertThatThrownBy(() -> Rsa.publicKey(cut)).isInstanceOf(Malformed.class);
        }
        for (int cut = 0; cut < pem.length() - 1; cut += 7) {
            String text = pem.substring(0, cut);
            assertThatThrownBy(() -> Rsa.readPrivatePem(text)).isInstanceOf(Malformed.class);
        }
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws Malformed;
    }

    private static void ignoringMalformed(Attempt attempt) {
        try {
            attempt.run();
        } catch (Malformed _) {
            // One of both outcomes is right; any other exception is not.
        }
    }
}
