package sallyport.lab.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.NetworkParameters;

/// Rules and figures of C tor's rephist.c.
class StabilityHistoryTest {
    private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");
    private static final String ONE = "A".repeat(40);
    private static final String TWO = "B".repeat(40);
    private static final RelayAddress HERE = new RelayAddress(new byte[] {127, 0, 0, 1}, 1);
    private static final RelayAddress THERE = new RelayAddress(new byte[] {127, 0, 0, 1}, 2);

    private final StabilityHistory history = new StabilityHistory(true);

    @Test
    void runsAndFailuresAreWeighed() {
        up(ONE, 0);
        down(ONE, 1_000);
        up(ONE, 1_500);
        RelayTrack track = history.of(ONE);
        assertThat(track.mtbf(at(2_500))).isEqualTo(1_000);
        assertThat(track.fractionalUptime(at(2_500))).isEqualTo(0.8);
        assertThat(track.timeKnown(at(2_500))).isEqualTo(2_500);
        assertThat(track.uptime(at(2_500))).isEqualTo(1_000);
        down(ONE, 2_500);
        assertThat(track.mtbf(at(5_000))).isEqualTo(1_000);
        assertThat(track.fractionalUptime(at(5_000))).isEqualTo(0.4);
        assertThat(track.uptime(at(5_000))).isZero();
    }

    @Test
    void nobodyKnownHasNoHistory() {
        assertThat(history.of(TWO).mtbf(at(1))).isZero();
        assertThat(history.of(TWO).fractionalUptime(at(1))).isZero();
        assertThat(history.of(TWO).timeKnown(at(1))).isZero();
    }

    @Test
    void olderTimesWeighLess() {
        history.discount(START);
        up(ONE, 0);
        down(ONE, 10_000);
        history.discount(START.plus(Duration.ofHours(11)));
        assertThat(history.of(ONE).weightedRunLength).isEqualTo(10_000);
        history.discount(START.plus(Duration.ofHours(24)));
        RelayTrack track = history.of(ONE);
        assertThat(track.weightedRunLength).isEqualTo(9_025);
        assertThat(track.totalRunWeights).isCloseTo(0.9025, within(1e-9));
        assertThat(track.weightedUptime).isEqualTo(9_025);
        assertThat(track.totalWeightedTime).isEqualTo(9_025);
    }

    @Test
    void whoMovedCountsAsDownForAWhile() {
        history.reachable(ONE, HERE, START);
        history.reachable(ONE, THERE, START.plusSeconds(1_000));
        RelayTrack track = history.of(ONE);
        assertThat(track.weightedUptime).isEqualTo(760);
        assertThat(track.timeKnown(at(1_000))).isEqualTo(1_000);
        assertThat(track.uptime(at(1_100))).isEqualTo(100);
        history.learn(consensus(START.plusSeconds(1_190), 20, 40));
        history.reachable(ONE, HERE, START.plusSeconds(1_200));
        assertThat(track.weightedUptime).isEqualTo(760 + 170);
        history.reachable(ONE, HERE, START.plusSeconds(1_300));
        assertThat(track.weightedUptime).isEqualTo(760 + 170);
        // That consensus is over, and says nothing any more.
        history.reachable(ONE, THERE, START.plusSeconds(1_700));
        assertThat(track.weightedUptime).isEqualTo(760 + 170 + 500 - 240);
    }

    private static Consensus consensus(Instant validAfter, int freshSeconds, int validSeconds) {
        return new Consensus(
                Flavor.NS,
                validAfter,
                validAfter.plusSeconds(freshSeconds),
                validAfter.plusSeconds(validSeconds),
                0,
                NetworkParameters.NONE,
                NetworkParameters.NONE,
                List.of());
    }

    /// A relay that moved again sooner than news of it spread.
    @Test
    void aRunShorterThanThePenaltyCostsTheOnesBefore() {
        history.reachable(ONE, HERE, START);
        history.reachable(ONE, THERE, START.plusSeconds(100));
        assertThat(history.of(ONE).weightedUptime).isZero();
        assertThat(history.of(ONE).totalRunWeights).isEqualTo(1);
    }

    @Test
    void aSybilHasNeverBeenUp() {
        up(ONE, 0);
        history.pessimal(ONE, START.plusSeconds(500));
        assertThat(history.of(ONE).fractionalUptime(at(500))).isZero();
        assertThat(history.of(ONE).mtbf(at(500))).isZero();
        assertThat(history.of(ONE).timeKnown(at(500))).isEqualTo(500);
    }

    @Test
    void whoeverHasNotBeenSeenForMonthsIsForgotten() {
        history.discount(START);
        up(ONE, 0);
        up(TWO, 0);
        down(ONE, 10);
        history.discount(START.plus(Duration.ofDays(60)));
        history.clean(START.plus(Duration.ofDays(60)));
        assertThat(history.tracks).containsOnlyKeys(ONE, TWO);
        history.discount(START.plus(Duration.ofDays(100)));
        history.clean(START.plus(Duration.ofDays(60)).plus(Duration.ofMinutes(29)));
        assertThat(history.tracks).containsOnlyKeys(ONE, TWO);
        history.clean(START.plus(Duration.ofDays(60)).plus(Duration.ofMinutes(30)));
        assertThat(history.tracks).containsOnlyKeys(TWO);
    }

    @Test
    void fourHoursAreEnoughToJudge() {
        up(ONE, 0);
        assertThat(history.hasSeenEnough(START.plus(Duration.ofHours(4)))).isFalse();
        assertThat(history.hasSeenEnough(START.plus(Duration.ofHours(4)).plusSeconds(1)))
                .isTrue();
    }

    @Test
    void theFileIsCTors() {
        history.discount(START);
        up(ONE, 10);
        down(ONE, 110);
        up(TWO, 20);
        assertThat(history.text(Set.of(ONE, TWO), START.plusSeconds(300))).isEqualTo("""
                format 2
                stored-at 2026-11-22 00:05:00
                tracked-since 2026-11-22 00:00:10
                last-downrated 2026-11-22 00:00:00
                data
                R %s
                +MTBF 100 1.00000
                +WFU 100 100 S=2026-11-22 00:01:50
                R %s
                +MTBF 0 0.00000 S=2026-11-22 00:00:20
                +WFU 0 0
                .
                """.formatted(ONE, TWO));
        assertThat(history.text(Set.of(ONE), START.plusSeconds(300))).contains("R " + TWO + "\n+MTBF 280 1.00000\n");
    }

    @Test
    void whatWasKeptIsTakenUpAgainAsIfNothingHadBeenMissed() {
        up(ONE, 10);
        down(ONE, 110);
        up(TWO, 20);
        String kept = history.text(Set.of(ONE, TWO), START.plusSeconds(300));
        StabilityHistory again = new StabilityHistory(true);
        Instant later = START.plusSeconds(5_300);
        assertThat(again.load(kept, later)).isTrue();
        assertThat(again.of(ONE).timeKnown(at(5_300))).isEqualTo(100 + 190);
        assertThat(again.of(ONE).mtbf(at(5_300))).isEqualTo(100);
        assertThat(again.of(TWO).uptime(at(5_300))).isEqualTo(280);
        assertThat(again.trackedSince).isEqualTo(at(10));
        assertThat(again.text(Set.of(ONE, TWO), later)).contains("stored-at 2026-11-22 01:28:20\n");
    }

    @Test
    void whatIsNoSuchFileIsPassedOver() {
        String head = "format 2\nstored-at 2026-11-22 00:05:00\ntracked-since 2026-11-22 00:00:10\ndata\n";
        assertThat(history.load("", START)).isFalse();
        assertThat(history.load(head.replace("format 2", "format 3") + ".\n", START))
                .isFalse();
        assertThat(history.load(head.replace("stored-at", "stored-by") + ".\n", START))
                .isFalse();
        Instant later = START.plusSeconds(300);
        assertThat(history.load(
                        head + "R short\n+MTBF 1 1\nR " + ONE + "\n+MTBF x 1\n+WFU 5 6 S=nonsense now\n", later))
                .isTrue();
        assertThat(history.tracks).containsOnlyKeys(ONE);
        assertThat(history.of(ONE).timeKnown(at(300))).isEqualTo(6);
        String future = "R " + TWO + "\n+MTBF 7 1.5 S=2027-01-01 00:00:00\n+WFU 7 9\n.\nR " + "C".repeat(40) + "\n";
        assertThat(history.load(head + future, later)).isTrue();
        assertThat(history.tracks).containsOnlyKeys(ONE, TWO);
        assertThat(history.of(TWO).startOfRun).isZero();
        assertThat(history.of(TWO).weightedRunLength).isEqualTo(7);
    }

    private void up(String relay, long seconds) {
        history.reachable(relay, null, START.plusSeconds(seconds));
    }

    private void down(String relay, long seconds) {
        history.unreachable(relay, START.plusSeconds(seconds), START.plusSeconds(seconds));
    }

    private static long at(long seconds) {
        return START.plusSeconds(seconds).getEpochSecond();
    }
}
