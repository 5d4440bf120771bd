package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BandwidthHistoryTest {
    private static final long START = 77_000_000_000L;

    @Test
    void theObservedRateIsTheBestTenSecondsOfTheSlowerDirection() {
        BandwidthHistory history = new BandwidthHistory(0);
        for (int second = 0; second < 30; second++) {
            history.read(second >= 10 && second < 20 ? 5000 : 100, false, at(second));
            history.written(second == 15 ? 20_000 : 0, false, at(second));
        }
        history.read(1, false, at(31));
        history.written(1, false, at(31));

        assertThat(history.observedBytesPerSecond()).isEqualTo(2000);
    }

    @Test
    void aBurstAcrossTwoWindowsCountsWhole() {
        BandwidthHistory history = new BandwidthHistory(0);
        for (int second = 0; second <= 40; second++) {
            int bytes = second >= 7 && second < 17 ? 1000 : 0;
            history.read(bytes, false, at(second));
            history.written(bytes, false, at(second));
        }

        assertThat(history.observedBytesPerSecond()).isEqualTo(1000);
    }

    @Test
    void nothingIsStatedBeforeADayWasSeen() {
        BandwidthHistory history = new BandwidthHistory();
        history.read(1_000_000, false, at(5));
        history.written(1_000_000, false, at(5));
        history.read(0, false, at(80_000));
        history.written(0, false, at(80_000));
        assertThat(history.observedBytesPerSecond()).isZero();

        history.read(0, false, at(86_500));
        history.written(0, false, at(86_500));
        assertThat(history.observedBytesPerSecond()).isEqualTo(100_000);
    }

    @Test
    void finishedDaysAreKeptForFiveAndThenForgotten() {
        BandwidthHistory history = new BandwidthHistory(0);
        history.read(10_000, false, at(0));
        for (int day = 1; day <= 5; day++) {
            history.read(day, false, at(day * 86_400L + 10));
        }
        assertThat(history.days(HistoryKind.READ, at(5 * 86_400L + 30)).bytes())
                .containsExactly(10_000L, 1L, 2L, 3L, 4L);
        assertThat(history.days(HistoryKind.READ, at(5 * 86_400L + 30)).secondsSinceEnd())
                .isEqualTo(30);

        history.read(6, false, at(6 * 86_400L));
        assertThat(history.days(HistoryKind.READ, at(6 * 86_400L)).bytes()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(history.totals().read()).isEqualTo(10_021);
    }

    @Test
    void aYearOfSilenceCostsNothing() {
        BandwidthHistory history = new BandwidthHistory(0);
        history.read(500, false, at(0));
        history.read(7, false, at(365L * 86_400));

        assertThat(history.days(HistoryKind.READ, at(365L * 86_400)).bytes()).containsExactly(0L, 0L, 0L, 0L, 0L);
    }

    private static long at(long second) {
        return START + TimeUnit.SECONDS.toNanos(second) + 3;
    }
}
