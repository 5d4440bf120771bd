package sallyport.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sums and weights of C tor 0.4.9.11, test_dir.c, networkstatus_compute_bw_weights_v10: one row for each
/// of its cases. Fractions of guards are in the sample of [ElectionTest].
class BandwidthWeightsTest {
    private static final int SCALE = 10_000;

    @ParameterizedTest
    @CsvSource({
        // guards, middles, exits, both; Wgg, Wgd, Wmg, Wme, Wmd, Wee, Wed
        "10, 1, 10, 1, 7000 3333 3000 3000 3333 7000 3333",
        "20, 100, 5, 5, 10000 0 0 0 0 10000 10000",
        "5, 100, 20, 5, 10000 10000 0 0 0 10000 0",
        "10, 10, 30, 100, 10000 4000 0 0 4000 10000 2000",
        "10, 60, 30, 100, 10000 5668 0 0 666 10000 3666",
        "10, 10, 30, 5, 10000 10000 0 3333 0 6667 0",
        "30, 10, 10, 5, 6667 0 3333 0 0 10000 10000",
        "10, 10, 30, 10, 10000 10000 0 3334 0 6666 0",
        "30, 10, 10, 10, 6666 0 3334 0 0 10000 10000",
        "5483409, 1455379, 980834, 3385803, 6327 883 3673 0 883 10000 8233",
        "29322240, 4721546, 1522058, 9273571, 5806 0 4194 0 0 10000 10000",
        "3091352, 1838837, 2109300, 2469369, 10000 317 0 5938 317 4061 9366",
        "1, 1, 1, 1, 10000 3333 0 0 3333 10000 3333",
    })
    void weightsFollowFromSums(int guards, int middles, int exits, int both, String weights) {
        assertThat(weights(line(guards, middles, exits, both))).isEqualTo(weights);
    }

    @Test
    void theLineIsSortedAndComplete() {
        assertThat(line(10, 1, 10, 1))
                .isEqualTo("bandwidth-weights Wbd=3333 Wbe=3000 Wbg=3000 Wbm=10000 Wdb=10000 Web=10000 Wed=3333 "
                        + "Wee=7000 Weg=3333 Wem=7000 Wgb=10000 Wgd=3333 Wgg=7000 Wgm=7000 Wmb=10000 Wmd=3333 "
                        + "Wme=3000 Wmg=3000 Wmm=10000");
    }

    /// Case 2b3 of C tor's test: the middle has too much for any balance.
    @Test
    void withoutABalanceThereIsNoLine() {
        assertThat(line(30, 80, 30, 30)).isNull();
    }

    private static @Nullable String line(int guards, int middles, int exits, int both) {
        BandwidthWeights weights = new BandwidthWeights();
        // Each sum begins at one.
        weights.add(guards - 1, false, true, null);
        weights.add(middles - 1, false, false, null);
        weights.add(exits - 1, true, false, null);
        weights.add(both - 1, true, true, null);
        return weights.line(SCALE);
    }

    private static String weights(@Nullable String line) {
        return Stream.of("Wgg", "Wgd", "Wmg", "Wme", "Wmd", "Wee", "Wed")
                .map(name -> String.valueOf(line).replaceAll(".* " + name + "=(-?\\d+).*", "$1"))
                .collect(Collectors.joining(" "));
    }
}
