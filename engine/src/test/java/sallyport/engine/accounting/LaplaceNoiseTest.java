package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.world.SeededEntropy;

class LaplaceNoiseTest {
    /// Numbers of C tor's tests (test_util.c, test_util_laplace), which are SciPy's.
    @ParameterizedTest
    @CsvSource({"0.1, -60", "0.25, -14", "0.5, 20", "0.75, 54", "0.9, 100", "0.99, 215"})
    void theNoiseIsTheInverseOfTheDistribution(double probability, long sum) {
        assertThat(new LaplaceNoise(15, 0.3, 1).add(20, probability)).isEqualTo(sum);
    }

    /// The same test's extremes.
    @Test
    void nothingWrapsAround() {
        LaplaceNoise noise = new LaplaceNoise(1, 1.0, 1);
        assertThat(new LaplaceNoise(15, 0.3, 1).add(20, 0)).isEqualTo(Long.MIN_VALUE + 20);
        assertThat(noise.add(-1, 0)).isEqualTo(Long.MIN_VALUE);
        assertThat(noise.add(Long.MIN_VALUE, 0)).isEqualTo(Long.MIN_VALUE);
        assertThat(noise.add(Long.MAX_VALUE, 0)).isEqualTo(-1);
        assertThat(noise.add(0, 0.0000000000000002)).isEqualTo(-35);
        assertThat(noise.add(Long.MIN_VALUE, 0.0000000000000002)).isEqualTo(Long.MIN_VALUE);
        assertThat(noise.add(Long.MAX_VALUE, 0.0000000000000002)).isEqualTo(Long.MAX_VALUE - 35);
        assertThat(noise.add(Long.MAX_VALUE, 0.99)).isEqualTo(Long.MAX_VALUE);
    }

    /// The mean of |noise| of this distribution is delta_f / epsilon.
    @Test
    void aFigureIsRoundedUpAndBlurred() {
        LaplaceNoise noise = new LaplaceNoise(2048, 0.3, 1024);
        SeededEntropy entropy = new SeededEntropy(9);
        double sum = 0;
        double size = 0;
        for (int i = 0; i < 20_000; i++) {
            long figure = noise.blur(1025, entropy);
            sum += figure;
            size += Math.abs(figure - 2048);
        }
        assertThat(sum / 20_000).isCloseTo(2048, within(400.0));
        assertThat(size / 20_000).isCloseTo(2048 / 0.3, within(300.0));
    }
}
