package sallyport.engine.world;

import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Randomness that a seed repeats. RSA keys are always the same few, of which the seed says where it begins, and come
/// again after [#RSA_KEYS] of them.
public final class SeededEntropy implements Entropy {
    /// So many of one length are different.
    public static final int RSA_KEYS = 64;

    // Nobody looks at the primes of a link key that is used without TLS, and they take the longest.
    private static final int RSA_LINK_KEYS = 1;
    private static final int LINK_BITS = 2048;

    private final Random random;
    private final int firstRsaKey;
    private final Map<Integer, Integer> rsaKeysGiven = new TreeMap<>();

    public SeededEntropy(long seed) {
        random = new Random(seed);
        firstRsaKey = Math.floorMod(seed, RSA_KEYS);
    }

    @Override
    public synchronized void secret(byte[] out, int offset, int length) {
        for (int i = 0; i < length; i++) {
            out[offset + i] = (byte) random.nextInt();
        }
    }

    @Override
    public synchronized long jitter(long bound) {
        return random.nextLong(bound);
    }

    @Override
    public void padding(byte[] out, int offset, int length) {
        secret(out, offset, length);
    }

    @Override
    public synchronized RSAPrivateCrtKey rsaKey(int bits) {
        int given = rsaKeysGiven.merge(bits, 1, Integer::sum) - 1;
        return DrawnRsaKeys.of(bits, (firstRsaKey + given) % (bits == LINK_BITS ? RSA_LINK_KEYS : RSA_KEYS));
    }
}
