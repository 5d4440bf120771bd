package sallyport.engine.accounting;

import java.util.Arrays;
import sallyport.engine.world.Entropy;

/// How fast downloads were, in bytes per second. Of more than can be kept, each has the same chance to be among those
/// that are.
final class Rates {
    // Ours: the deciles of so many are within two percent of those of all.
    static final int KEPT_MAX = 2048;
    private static final int KEPT_FIRST = 32;
    private static final long[] EMPTY = {};

    private final Entropy entropy;
    private long[] kept = EMPTY;
    private long seen;

    Rates(Entropy entropy) {
        this.entropy = entropy;
    }

    void add(long bytesPerSecond) {
        seen++;
        if (seen <= KEPT_MAX) {
            if (seen > kept.length) {
                kept = Arrays.copyOf(kept, Math.max(KEPT_FIRST, 2 * kept.length));
            }
            kept[(int) seen - 1] = bytesPerSecond;
            return;
        }
        long place = entropy.jitter(seen);
        if (place < KEPT_MAX) {
            kept[(int) place] = bytesPerSecond;
        }
    }

    void clear() {
        kept = EMPTY;
        seen = 0;
    }

    /// `min=...,d1=...` to `max=...`. Only of ten or more.
    String deciles() {
        int count = (int) Math.min(seen, KEPT_MAX);
        long[] sorted = Arrays.copyOf(kept, count);
        Arrays.sort(sorted);
        return "min=" + sorted[0] + ",d1=" + sorted[count / 10 - 1] + ",d2=" + sorted[2 * count / 10 - 1] + ",q1="
                + sorted[count / 4 - 1] + ",d3=" + sorted[3 * count / 10 - 1] + ",d4=" + sorted[4 * count / 10 - 1]
                + ",md=" + sorted[5 * count / 10 - 1] + ",d6=" + sorted[6 * count / 10 - 1] + ",d7="
                + sorted[7 * count / 10 - 1] + ",q3=" + sorted[3 * count / 4 - 1] + ",d8="
                + sorted[8 * count / 10 - 1] + ",d9=" + sorted[9 * count / 10 - 1] + ",max=" + sorted[count - 1];
    }
}
