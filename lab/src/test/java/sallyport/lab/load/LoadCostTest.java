package sallyport.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a load says of its own cost.
class LoadCostTest {
    private static final long PID = 4_194_304;

    @Test
    void itsShareOfWhatTheRelaysTookStandsThereWhatItsLoopDidApart() {
        assertThat(cost(30, 3, 1).lines())
                .containsExactly(
                        "processor: 4.5 s for this load in 30 s: loop 3.0, far end 1.0, rest 0.5",
                        "           10.0 s for process 4194304; the load took 0.45 of that, its loop 0.30");
    }

    @Test
    void aLoopThatIsBusyMostOfTheTimeIsSaidToBeTheLimit() {
        assertThat(cost(10, 8, 1).isBottleneck()).isFalse();
        LoadCost busy = cost(10, 8.1, 1);
        assertThat(busy.isBottleneck()).isTrue();
        assertThat(busy.lines()).hasSize(4).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(busy.lines().get(2)).contains("81 %");
    }

    private static LoadCost cost(double seconds, double loop, double farEnd) {
        return new LoadCost(
                seconds, seconds(loop + farEnd + 0.5), seconds(loop), seconds(farEnd), Map.of(PID, seconds(10)));
    }

    private static Duration seconds(double count) {
        return Duration.ofMillis(Math.round(count * 1_000));
    }
}
