package sallyport.engine.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Our primitives against the vectors of their standards.
class CryptoVectorsTest {
    /// RFC 7748 5.2.
    @ParameterizedTest
    @CsvSource({
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
                + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
                + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
                + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
                + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
    })
    void x25519MultipliesAsRfc7748(String scalar, String point, String expected) {
        assertThat(Curve25519.shared(hex(scalar), hex(point))).isEqualTo(hex(expected));
    }

    /// RFC 7748 5.2, the iterated test.
    @Test
    void x25519StaysRightOverAThousandRounds() {
        byte[] base = new byte[32];
        base[0] = 9;
        byte[] k = base;
        byte[] u = base;
        for (int i = 1; i <= 1000; i++) {
            byte[] next = Curve25519.shared(k, u);
            u = k;
            k = next;
            if (i == 1) {
                assertThat(k).isEqualTo(hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
            }
        }
        assertThat(k).isEqualTo(hex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
    }

    /// RFC 7748 6.1.
    @Test
    void bothSidesOfRfc7748AgreeOnTheSecret() {
        byte[] alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

        assertThat(Curve25519.publicKey(alice))
                .isEqualTo(hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
        assertThat(Curve25519.publicKey(bob))
                .isEqualTo(hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        assertThat(Curve25519.shared(alice, Curve25519.publicKey(bob))).isEqualTo(shared);
        assertThat(Curve25519.shared(bob, Curve25519.publicKey(alice))).isEqualTo(shared);
    }

    @Test
    void aPointOfSmallOrderGivesAllZeros() {
        byte[] one = new byte[32];
        one[0] = 1;
        byte[] secret = Curve25519.clamp(Hashes.sha256(one));

        assertThat(Hashes.isAllZero(Curve25519.shared(secret, new byte[32]))).isTrue();
        assertThat(Hashes.isAllZero(Curve25519.shared(secret, one))).isTrue();
        assertThat(Hashes.isAllZero(Curve25519.publicKey(secret))).isFalse();
    }

    /// RFC 8032 7.1, tests 1 to 3.
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd"
                + "25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c3"
                + "87b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594"
                + "a7c15e9716ed28dc027beceea1ec40a"
    })
    void ed25519SignsAsRfc8032(String seed, String publicKey, String message, String signature) {
        byte[] secret = Ed25519.expand(hex(seed));

        assertThat(Ed25519.publicKey(secret)).isEqualTo(hex(publicKey));
        assertThat(Ed25519.sign(secret, hex(message))).isEqualTo(hex(signature));
        assertThat(Ed25519.verify(hex(publicKey), hex(message), hex(signature))).isTrue();
        byte[] other = Arrays.copyOf(hex(message), hex(message).length + 1);
        assertThat(Ed25519.verify(hex(publicKey), other, hex(signature))).isFalse();
    }

    @Test
    void aMalformedKeyOrSignatureIsNeverValid() {
        byte[] secret = Ed25519.expand(new byte[32]);
        byte[] message = {1};
        byte[] signature = Ed25519.sign(secret, message);
        byte[] publicKey = Ed25519.publicKey(secret);

        assertThat(Ed25519.verify(new byte[31], message, signature)).isFalse();
        assertThat(Ed25519.verify(publicKey, message, new byte[63])).isFalse();
        assertThat(Ed25519.verify(new byte[32], message, signature)).isFalse();
        assertThat(Ed25519.isValidPublicKey(publicKey)).isTrue();
        byte[] noPoint = new byte[32];
        Arrays.fill(noPoint, (byte) 0xff);
        assertThat(Ed25519.isValidPublicKey(noPoint)).isFalse();
    }

    /// RFC 5869 A.1 to A.3.
    @Test
    void hkdfExpandsAsRfc5869() {
        byte[] ikm = new byte[22];
        Arrays.fill(ikm, (byte) 0x0b);

        assertThat(Hashes.hkdfSha256(hex("000102030405060708090a0b0c"), ikm, hex("f0f1f2f3f4f5f6f7f8f9"), 42))
                .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
        assertThat(Hashes.hkdfSha256(range(0x60, 0xb0), range(0, 0x50), range(0xb0, 0x100), 82))
                .isEqualTo(hex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                        + "cc30c58179ec3e87c14c01d5c1f3434f1d87"));
        assertThat(Hashes.hkdfSha256(new byte[0], ikm, new byte[0], 42))
                .isEqualTo(hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
    }

    /// NIST SP 800-38A F.5.1, also in pieces that end inside a block.
    @Test
    void aesCtrKeepsItsPlaceBetweenCalls() {
        byte[] plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        byte[] expected = hex("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
                + "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee");
        for (int cut : new int[] {0, 1, 15, 16, 17, 33, 63, 64}) {
            byte[] data = plain.clone();
            AesCtr cipher =
                    new AesCtr(hex("2b7e151628aed2a6abf7158809cf4f3c"), hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
            cipher.apply(data, 0, cut);
            cipher.apply(data, cut, data.length - cut);
            assertThat(data).as("cut at " + cut).isEqualTo(expected);
        }
    }

    /// FIPS 180: "abc"; and that a look at the digest changes nothing.
    @Test
    void theRunningDigestGoesOnAfterEachResult() {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        byte[] out = new byte[RunningSha1.LENGTH];
        RunningSha1 running = new RunningSha1();
        running.update(abc, 0, 2);
        running.peek(out);
        assertThat(out).isEqualTo(Hashes.sha1(new byte[] {'a', 'b'}));
        running.update(abc, 2, 1);
        running.peek(out);

        assertThat(out).isEqualTo(hex("a9993e364706816aba3e25717850c26c9cd0d89d"));
        assertThat(Hashes.sha256(abc))
                .isEqualTo(hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assertThat(Hashes.sha3x256(abc))
                .isEqualTo(hex("3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"));
    }

    @Test
    void aCheckpointForgetsWhatCameAfterIt() {
        RunningSha1 running = new RunningSha1();
        running.update(new byte[] {1, 2}, 0, 2);
        RunningSha1 checkpoint = running.checkpoint();
        running.update(new byte[] {3}, 0, 1);
        running.restore(checkpoint);
        running.update(new byte[] {4}, 0, 1);
        byte[] out = new byte[RunningSha1.LENGTH];
        running.peek(out);

        assertThat(out).isEqualTo(Hashes.sha1(new byte[] {1, 2, 4}));
    }

    private static byte[] range(int from, int to) {
        byte[] out = new byte[to - from];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (from + i);
        }
        return out;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
