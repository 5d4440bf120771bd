package sallyport.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a load says of its own cost.
class LoadCostTest {
    private static final long PID = 4_194_304;

    @Test
    void itsShareOfWhatTheRelaysTookStandsThereWithAndWithoutItsFarEnd() {
        assertThat(cost(30, 3, 1).lines())
                .containsExactly(
                        "processor: 4.00 s for this load in 30 s: 3.00 its loop, 1.00 its far end",
                        "           10.00 s for process 4194304",
                        "           the load took 0.40 of that, 0.30 without its far end");
    }

    @Test
    void aLoopThatIsBusyMostOfTheTimeIsSaidToBeTheLimit() {
        assertThat(cost(10, 8, 1).isBottleneck()).isFalse();
        LoadCost busy = cost(10, 8.1, 1);
        assertThat(busy.isBottleneck()).isTrue();
        assertThat(busy.lines()).hasSize(5).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(busy.lines().get(3)).contains("81 %");
    }

    private static LoadCost cost(double seconds, double loop, double farEnd) {
        return new LoadCost(seconds, seconds(loop + farEnd), seconds(loop), seconds(farEnd), Map.of(PID, seconds(10)));
    }

    private static Duration seconds(double count) {
        return Duration.ofMillis(Math.round(count * 1_000));
    }
}
