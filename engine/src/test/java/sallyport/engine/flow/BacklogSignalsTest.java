package sallyport.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static sallyport.engine.flow.BacklogSignals.Signal.NOTHING;
import static sallyport.engine.flow.BacklogSignals.Signal.XOFF;
import static sallyport.engine.flow.BacklogSignals.Signal.XON;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.netdoc.NetworkParameters;

/// A lost XON leaves an upload standing for good; one too many XOFFs makes it crawl.
class BacklogSignalsTest {
    private static final int XOFF_BYTES = 500 * 488;
    private static final int RATE_BYTES = 500 * 498;

    private final BacklogSignals signals = new BacklogSignals(StreamSignalParameters.of(NetworkParameters.NONE));

    @Test
    void xoffWaitsForMoreThanTheLimitAndMoreThanFiveMilliseconds() {
        assertThat(signals.queued(XOFF_BYTES, 0)).isEqualTo(NOTHING);
        assertThat(signals.queued(XOFF_BYTES, 1_000_000)).isEqualTo(NOTHING);
        assertThat(signals.queued(XOFF_BYTES + 1, 1_000_000)).isEqualTo(NOTHING);
        assertThat(signals.queued(XOFF_BYTES + 1, 1_005_000)).isEqualTo(NOTHING);
        assertThat(signals.queued(XOFF_BYTES + 1, 1_005_001)).isEqualTo(XOFF);
        assertThat(signals.queued(10 * XOFF_BYTES, 9_000_000)).isEqualTo(NOTHING);
    }

    @Test
    void aBurstThatDrainsInTimeIsForgiven() {
        assertThat(signals.queued(2 * XOFF_BYTES, 0)).isEqualTo(NOTHING);
        assertThat(signals.queued(XOFF_BYTES, 4_000)).isEqualTo(NOTHING);
        assertThat(signals.queued(2 * XOFF_BYTES, 8_000)).isEqualTo(NOTHING);
        assertThat(signals.queued(2 * XOFF_BYTES, 13_000)).isEqualTo(NOTHING);
        assertThat(signals.queued(2 * XOFF_BYTES, 13_001)).isEqualTo(XOFF);
    }

    @Test
    void xonComesWhenTheLastByteHasDrainedAndXoffMayComeAgain() {
        for (int round = 0; round < 3; round++) {
            long at = round * 10_000_000L;
            signals.queued(2 * XOFF_BYTES, at);
            assertThat(signals.queued(2 * XOFF_BYTES, at + 6_000)).isEqualTo(XOFF);
            assertThat(signals.drained(XOFF_BYTES, XOFF_BYTES, at + 1_000_000)).isEqualTo(NOTHING);
            assertThat(signals.drained(XOFF_BYTES - 1, 1, at + 2_000_000)).isEqualTo(NOTHING);
            assertThat(signals.drained(1, 0, at + 3_000_000)).isEqualTo(XON);
            assertThat(signals.drained(1, 0, at + 4_000_000)).isEqualTo(NOTHING);
        }
    }

    /// 249,001 bytes in a second are 249 kB/s; the rate before XOFF was wrong and is forgotten.
    @Test
    void theFirstXonTellsTheRateSinceXoff() {
        stopAndGoOnAt249();
    }

    @Test
    void aRateThatChangedByMoreThanAQuarterIsTold() {
        stopAndGoOnAt249();
        // Same speed: an average of 249 still, and nothing to say.
        signals.queued(XOFF_BYTES, 2_000_000);
        assertThat(signals.drained(RATE_BYTES + 1, 1, 3_000_000)).isEqualTo(NOTHING);
        assertThat(signals.rateKbps()).isEqualTo(249);
        // Ten times as fast: (2 * 2490 + 249) / 3.
        signals.queued(XOFF_BYTES, 4_000_000);
        assertThat(signals.drained(RATE_BYTES + 1, 1, 4_100_000)).isEqualTo(XON);
        assertThat(signals.rateKbps()).isEqualTo(1743);
        assertThat(signals.drained(1, 0, 4_100_001)).isEqualTo(NOTHING);
        // And slow again.
        signals.queued(XOFF_BYTES, 5_000_000);
        assertThat(signals.drained(RATE_BYTES + 1, 1, 6_000_000)).isEqualTo(XON);
        assertThat(signals.rateKbps()).isEqualTo((2 * 249 + 1743) / 3);
    }

    @Test
    void aServerThatKeepsUpIsToldOfATwofoldRate() {
        stopAndGoOnAt249();
        assertThat(signals.drained(RATE_BYTES, 0, 2_000_000)).isEqualTo(NOTHING);
        assertThat(signals.rateKbps()).isEqualTo(498);
        assertThat(signals.drained(1, 0, 2_000_001)).isEqualTo(XON);
        assertThat(signals.drained(1, 0, 2_000_002)).isEqualTo(NOTHING);
    }

    @Test
    void nobodyIsToldOfARateWhoWasNeverStopped() {
        for (int i = 1; i < 100; i++) {
            signals.queued(XOFF_BYTES, i * 1_000_000L);
            assertThat(signals.drained(RATE_BYTES + 1, 0, i * 1_000_000L + 1L + i * 7_919L % 500_000))
                    .isEqualTo(NOTHING);
        }
    }

    @Test
    void aClockThatStandsStillMeasuresNothing() {
        signals.queued(XOFF_BYTES, 7);
        assertThat(signals.drained(RATE_BYTES + 1, 1, 7)).isEqualTo(NOTHING);
        assertThat(signals.rateKbps()).isZero();
    }

    @Test
    void parametersAreReadWithinTheirBounds() {
        assertThat(StreamSignalParameters.of(NetworkParameters.NONE))
                .isEqualTo(new StreamSignalParameters(XOFF_BYTES, RATE_BYTES, 25, 2));
        assertThat(StreamSignalParameters.of(every(-1))).isEqualTo(new StreamSignalParameters(488, 498, 1, 2));
        assertThat(StreamSignalParameters.of(every(1 << 30)))
                .isEqualTo(new StreamSignalParameters(4_880_000, 2_490_000, 99, 100));
    }

    /// Every XOFF is answered by one XON once nothing is owed any more, whatever came between.
    @Test
    void xoffAndXonAlternateAndEndWithXon() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            BacklogSignals some = new BacklogSignals(StreamSignalParameters.of(every(random.nextInt(40))));
            long micros = 0;
            int owed = 0;
            boolean stopped = false;
            for (int i = 0; i < 5_000; i++) {
                micros += random.nextInt(3_000);
                boolean queue = owed == 0 || random.nextBoolean();
                int bytes = queue ? 1 + random.nextInt(498) : 1 + random.nextInt(owed);
                owed += queue ? bytes : -bytes;
                BacklogSignals.Signal signal = queue ? some.queued(owed, micros) : some.drained(bytes, owed, micros);
                assertThat(signal == XOFF && stopped).isFalse();
                assertThat(stopped && owed == 0 && signal != XON).isFalse();
                assertThat(stopped && owed > 0 && signal == XON).isFalse();
                stopped = signal == XOFF || (stopped && signal != XON);
            }
        }
    }

    @Test
    void aReaderTakesWhatItWasToldAndNoMoreOverTime() {
        ReadRate rate = new ReadRate();
        assertThat(rate.waitMicros(0)).isZero();
        rate.took(1_000_000_000);
        assertThat(rate.waitMicros(0)).isZero();
        rate.set(100, 0);
        long micros = 0;
        long taken = 0;
        while (micros < 60_000_000) {
            assertThat(rate.waitMicros(micros)).isZero();
            rate.took(15_936);
            taken += 15_936;
            micros += rate.waitMicros(micros);
        }
        // A second's worth at once, then 100,000 bytes a second, and one buffer of debt.
        assertThat(taken).isBetween(6_000_000L, 6_132_000L);
        rate.set(0, micros);
        assertThat(rate.waitMicros(micros)).isZero();
        rate.set(0xffff_ffffL, micros);
        assertThat(rate.waitMicros(micros)).isZero();
    }

    @Test
    void aLowerRateDoesNotLetOldTokensThrough() {
        ReadRate rate = new ReadRate();
        rate.set(2_000_000, 0);
        rate.set(1, 0);
        rate.took(1000);
        assertThat(rate.waitMicros(0)).isEqualTo(1);
        rate.took(1000);
        assertThat(rate.waitMicros(0)).isEqualTo(1_000_001);
        assertThat(rate.waitMicros(400_000)).isEqualTo(600_001);
        // Years later one second's worth is there, not more.
        assertThat(rate.waitMicros(Long.MAX_VALUE / 2)).isZero();
        rate.took(1001);
        assertThat(rate.waitMicros(Long.MAX_VALUE / 2)).isEqualTo(1001);
    }

    private void stopAndGoOnAt249() {
        signals.queued(2 * XOFF_BYTES, 0);
        signals.queued(2 * XOFF_BYTES, 6_000);
        assertThat(signals.rateKbps()).isZero();
        assertThat(signals.drained(RATE_BYTES + 1, 1, 1_000_000)).isEqualTo(NOTHING);
        assertThat(signals.rateKbps()).isEqualTo(249);
        assertThat(signals.drained(1, 0, 1_000_001)).isEqualTo(XON);
    }

    private static NetworkParameters every(int value) {
        return new NetworkParameters(Map.of(
                "cc_xoff_exit", value, "cc_xon_rate", value, "cc_xon_change_pct", value, "cc_xon_ewma_cnt", value));
    }
}
