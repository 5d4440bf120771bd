package sallyport.engine.accounting;

import java.nio.ByteBuffer;
import sallyport.engine.world.Entropy;

/// Noise on top of the rounding (dir-spec `hidserv-rend-relayed-cells`): "derived from a Laplace distribution", so that
/// no sequence of figures betrays what one person did.
///
/// @param deltaF how much of one person's doing is hidden
/// @param epsilon how well, above 0 and at most 1; smaller is better
/// @param binSize to whose next multiple is rounded before
record LaplaceNoise(int deltaF, double epsilon, int binSize) {
    private static final double UNIT = 0x1.0p-53;

    /// The figure to publish; it may be negative.
    long blur(long number, Entropy entropy) {
        return add(Rounding.up(number, binSize), probability(entropy));
    }

    /// What the inverse of the distribution's function says at `probability`, added.
    ///
    /// @param probability at least 0 and less than 1
    long add(long rounded, double probability) {
        if (probability <= 0) {
            return Long.MIN_VALUE + Math.max(rounded, 0);
        }
        double side = probability > 0.5 ? 1 : -1;
        long noise = (long) (-(deltaF / epsilon) * side * Math.log(1 - 2 * Math.abs(probability - 0.5)));
        long sum = rounded + noise;
        boolean overflows = ((rounded ^ sum) & (noise ^ sum)) < 0;
        return overflows ? (noise > 0 ? Long.MAX_VALUE : Long.MIN_VALUE) : sum;
    }

    private static double probability(Entropy entropy) {
        return (ByteBuffer.wrap(entropy.secret(Long.BYTES)).getLong() >>> 11) * UNIT;
    }
}
