package sallyport.engine.world;

import java.util.Random;

/// Randomness that a seed repeats.
public final class SeededEntropy implements Entropy {
    private final Random random;

    public SeededEntropy(long seed) {
        random = new Random(seed);
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
}
