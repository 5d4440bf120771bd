package sallyport.engine.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Signing from an expanded secret against an independent implementation that signs from the seed.
class Ed25519PropertyTest {
    private static final int SEEDS = 300;

    @Test
    void expandedSecretsSignAsTheirSeedsDo() {
        Random random = new Random(25519);
        for (int i = 0; i < SEEDS; i++) {
            byte[] seed = bytes(random, 32);
            byte[] message = bytes(random, random.nextInt(300));
            byte[] secret = Ed25519.expand(seed);
            byte[] publicKey = new byte[32];
            byte[] signature = new byte[64];
            org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, publicKey, 0);
            org.bouncycastle.math.ec.rfc8032.Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);

            assertThat(Ed25519.publicKey(secret)).as("key of seed " + i).isEqualTo(publicKey);
            assertThat(Ed25519.sign(secret, message))
                    .as("signature of seed " + i)
                    .isEqualTo(signature);
        }
    }

    @Test
    void oneChangedBitEndsASignature() {
        Random random = new Random(8032);
        byte[] secret = Ed25519.expand(bytes(random, 32));
        byte[] publicKey = Ed25519.publicKey(secret);
        byte[] message = bytes(random, 50);
        byte[] signature = Ed25519.sign(secret, message);
        for (int bit = 0; bit < 8 * signature.length; bit++) {
            byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Ed25519.verify(publicKey, message, changed))
                    .as("bit " + bit)
                    .isFalse();
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }
}
