package sallyport.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sallyport.engine.netdoc.NetworkParameters;

/// The numbers of C tor 0.4.9.11, src/test/test_congestion_control.c: ours must decide alike, to the last
/// cell.
class VegasTest {
    private static final int INCREMENT = 31;

    /// Milliseconds of the average, milliseconds measured, slow start; then: clock in doubt, implausible.
    private static final long[][] CLOCK = {
        {0, 1, 1, 0, 0},
        {0, 0, 1, 1, 1},
        {1, 1, 1, 1, 0},
        {1, 4999, 0, 0, 0},
        {4999, 1, 0, 0, 0},
        {5001, 1, 0, 0, 0},
        {5001, 0, 0, 1, 1},
        {5001, 1, 0, 1, 1},
        {5001, 1, 1, 1, 0},
        {0, 5001, 0, 1, 0},
        {1, 5001, 1, 1, 0},
        {1, 1, 0, 0, 0},
        {5001, 1, 0, 0, 0},
        {1, 5001, 0, 0, 1},
        {0, 5001, 0, 0, 0},
        {5001, 1, 1, 0, 0},
        {1, 1, 0, 0, 0},
    };

    /// Sent, acknowledged, window, slow start; then: round trip, average, least.
    private static final long[][] ROUND_TRIPS = {
        {100000, 200000, 124, 1, 100000, 100000, 100000},
        {200000, 300000, 124, 1, 100000, 100000, 100000},
        {350000, 500000, 124, 1, 150000, 133333, 100000},
        {500000, 550000, 124, 1, 50000, 77777, 77777},
        {600000, 700000, 124, 1, 100000, 92592, 77777},
        {700000, 750000, 124, 1, 50000, 64197, 64197},
        {750000, 875000, 124, 0, 125000, 104732, 104732},
        {875000, 900000, 124, 0, 25000, 51577, 104732},
        {900000, 950000, 200, 0, 50000, 50525, 50525},
    };

    /// Sent, acknowledged, blocked, in flight; then: average, least, window, slow start, full, blocked.
    private static final long[][] RTT_AND_FULLNESS = {
        {100000, 200000, 0, 124, 100000, 100000, 155, 1, 0, 0},
        {200000, 300000, 0, 155, 100000, 100000, 186, 1, 1, 0},
        {350000, 500000, 0, 186, 133333, 100000, 217, 1, 1, 0},
        {500000, 550000, 0, 217, 77777, 77777, 248, 1, 1, 0},
        {600000, 700000, 0, 248, 92592, 77777, 279, 1, 1, 0},
        {700000, 750000, 0, 279, 64197, 64197, 310, 1, 0, 0},
        {750000, 875000, 0, 310, 104732, 64197, 341, 1, 1, 0},
        {875000, 900000, 0, 341, 51577, 51577, 372, 1, 1, 0},
        {900000, 950000, 0, 279, 50525, 50525, 403, 1, 1, 0},
        {950000, 1000000, 0, 279, 50175, 50175, 434, 1, 1, 0},
        {1000000, 1050000, 0, 279, 50058, 50058, 465, 1, 1, 0},
        {1050000, 1100000, 0, 279, 50019, 50019, 496, 1, 1, 0},
        {1100000, 1150000, 0, 279, 50006, 50006, 527, 1, 1, 0},
        {1150000, 1200000, 0, 279, 50002, 50002, 558, 1, 1, 0},
        {1200000, 1250000, 0, 550, 50000, 50000, 589, 1, 1, 0},
        {1250000, 1300000, 0, 550, 50000, 50000, 620, 1, 0, 0},
        {1300000, 1350000, 0, 550, 50000, 50000, 635, 1, 1, 0},
        {1350000, 1400000, 0, 550, 50000, 50000, 650, 1, 1, 0},
        {1400000, 1450000, 0, 150, 50000, 50000, 650, 1, 0, 0},
        {1450000, 1500000, 0, 150, 50000, 50000, 650, 1, 0, 0},
        {1500000, 1550000, 0, 550, 50000, 50000, 664, 1, 1, 0},
        {1500000, 1600000, 0, 550, 83333, 50000, 584, 0, 1, 0},
        {1600000, 1650000, 0, 550, 61111, 50000, 585, 0, 1, 0},
        {1650000, 1700000, 0, 550, 53703, 50000, 586, 0, 1, 0},
        {1700000, 1750000, 0, 100, 51234, 50000, 586, 0, 0, 0},
        {1750000, 1900000, 0, 100, 117078, 50000, 559, 0, 0, 0},
        {1900000, 2000000, 0, 100, 105692, 50000, 558, 0, 0, 0},
        {2000000, 2075000, 0, 500, 85230, 50000, 558, 0, 1, 0},
        {2075000, 2125000, 1, 500, 61743, 50000, 557, 0, 1, 1},
        {2125000, 2150000, 0, 500, 37247, 37247, 558, 0, 1, 0},
        {2150000, 2350000, 0, 500, 145749, 37247, 451, 0, 1, 0},
    };

    private static final long[][] BLOCKED_QUEUE = {
        {100000, 200000, 0, 124, 100000, 100000, 155, 1, 0, 0},
        {200000, 300000, 0, 155, 100000, 100000, 186, 1, 1, 0},
        {350000, 500000, 0, 186, 133333, 100000, 217, 1, 1, 0},
        {500000, 550000, 1, 217, 77777, 77777, 403, 0, 1, 1},
        {600000, 700000, 0, 248, 92592, 77777, 404, 0, 1, 0},
        {700000, 750000, 1, 404, 64197, 64197, 403, 0, 0, 1},
        {750000, 875000, 0, 403, 104732, 64197, 404, 0, 1, 0},
    };

    private static final long[][] UPLOAD_1 = {
        {18258527, 19002938, 0, 83, 744411, 744411, 155, 1, 0, 0},
        {18258580, 19254257, 0, 52, 911921, 744411, 186, 1, 1, 0},
        {20003224, 20645298, 0, 164, 732023, 732023, 217, 1, 1, 0},
        {20003367, 21021444, 0, 133, 922725, 732023, 248, 1, 1, 0},
        {20003845, 21265508, 0, 102, 1148683, 732023, 279, 1, 1, 0},
        {20003975, 21429157, 0, 71, 1333015, 732023, 310, 1, 0, 0},
        {20004309, 21707677, 0, 40, 1579917, 732023, 310, 1, 0, 0},
    };

    private static final long[][] UPLOAD_2 = {
        {358297091, 358854163, 0, 83, 557072, 557072, 155, 1, 0, 0},
        {358297649, 359123845, 0, 52, 736488, 557072, 186, 1, 1, 0},
        {359492879, 359995330, 0, 186, 580463, 557072, 217, 1, 1, 0},
        {359493043, 360489243, 0, 217, 857621, 557072, 248, 1, 1, 0},
        {359493232, 360489673, 0, 248, 950167, 557072, 279, 1, 1, 0},
        {359493795, 360489971, 0, 279, 980839, 557072, 310, 1, 0, 0},
        {359493918, 360490248, 0, 310, 991166, 557072, 341, 1, 1, 0},
        {359494029, 360716465, 0, 341, 1145346, 557072, 372, 1, 1, 0},
        {359996888, 360948867, 0, 372, 1016434, 557072, 403, 1, 1, 0},
        {359996979, 360949330, 0, 403, 973712, 557072, 434, 1, 1, 0},
        {360489528, 361113615, 0, 434, 740628, 557072, 465, 1, 1, 0},
        {360489656, 361281604, 0, 465, 774841, 557072, 496, 1, 1, 0},
        {360489837, 361500461, 0, 496, 932029, 557072, 482, 0, 1, 0},
        {360489963, 361500631, 0, 482, 984455, 557072, 482, 0, 1, 0},
        {360490117, 361842481, 0, 482, 1229727, 557072, 481, 0, 1, 0},
    };

    @Test
    void clocksThatStallOrJumpAreFound() {
        RoundTripTime time = new RoundTripTime(100);
        for (long[] step : CLOCK) {
            // C tor's vector stands for what was measured before; the unit is the same on both sides.
            time.averageMicros(step[0]);
            assertThat(time.isImplausible(step[1], step[2] == 1))
                    .as("step %s", (Object) step)
                    .isEqualTo(step[4] == 1);
            assertThat(time.clockInDoubt()).isEqualTo(step[3] == 1);
        }
    }

    @Test
    void roundTripsAreAveragedAndTheLeastIsKept() {
        Vegas vegas = vegas(Map.of());
        for (long[] step : ROUND_TRIPS) {
            vegas.window = step[2];
            vegas.slowStart = step[3] == 1;
            assertThat(step[1] - step[0]).isEqualTo(step[4]);
            assertThat(vegas.measured(step[1] - step[0])).isTrue();
            assertThat(vegas.roundTrip().averageMicros()).isEqualTo(step[5]);
            assertThat(vegas.roundTrip().leastMicros()).isEqualTo(step[6]);
        }
    }

    @Test
    void theWindowFollowsRoundTripsAndFullness() {
        replay(RTT_AND_FULLNESS);
    }

    @Test
    void aBlockedQueueEndsSlowStart() {
        replay(BLOCKED_QUEUE);
    }

    @Test
    void realUploads() {
        replay(UPLOAD_1);
        replay(UPLOAD_2);
    }

    /// Before anything is known of the time, only a blocked queue tells anything.
    @Test
    void withoutAClockABlockedQueueShrinksTheWindow() {
        Vegas vegas = vegas(Map.of());
        vegas.window = 700;
        vegas.inflight = 700;
        vegas.acknowledged(0, false, 300);
        assertThat(vegas.window()).isEqualTo(700);
        assertThat(vegas.inflight()).isEqualTo(669);
        vegas.acknowledged(0, true, 300);
        assertThat(vegas.isInSlowStart()).isFalse();
        assertThat(vegas.window()).isEqualTo(400 + 186);
        vegas.window = 700;
        vegas.acknowledged(0, true, 900);
        assertThat(vegas.window()).isEqualTo(124 + 310 - 1);
    }

    /// After slow start a measurement that cannot be is left out, and only what is in flight changes.
    @Test
    void aJumpOfTheClockLeavesTheWindowAlone() {
        Vegas vegas = vegas(Map.of());
        vegas.inflight = 400;
        vegas.acknowledged(1000, false, 0);
        vegas.slowStart = false;
        long window = vegas.window();
        vegas.acknowledged(5_000_001_000L, false, 0);
        assertThat(vegas.window()).isEqualTo(window);
        assertThat(vegas.roundTrip().averageMicros()).isEqualTo(1000);
        assertThat(vegas.inflight()).isEqualTo(400 - 62);
    }

    @Test
    void slowStartGrowsMoreSlowlyBeyondItsCapAndEndsAtItsMost() {
        Vegas vegas = vegas(Map.of("cc_ss_max", 700));
        vegas.inflight = 10_000;
        long last = 0;
        while (vegas.isInSlowStart()) {
            long before = vegas.window();
            vegas.acknowledged(50_000, false, 0);
            long step = vegas.window() - before;
            if (before <= 600) {
                assertThat(step).isEqualTo(31);
            } else if (vegas.isInSlowStart()) {
                // (31 * 600 + window) / (2 * window)
                assertThat(step).isEqualTo((18_600 + before) / (2 * before)).isLessThanOrEqualTo(15);
            }
            last = vegas.window();
        }
        assertThat(last).isEqualTo(700);
    }

    @Test
    void theWindowStaysWithinTheVotedBounds() {
        Vegas small = vegas(Map.of("cc_cwnd_max", 500, "cc_cwnd_min", 200));
        small.inflight = 100_000;
        for (int i = 0; i < 100; i++) {
            small.acknowledged(50_000, false, 0);
        }
        assertThat(small.window()).isEqualTo(500);
        for (int i = 0; i < 2000; i++) {
            small.acknowledged(50_000, true, 256);
        }
        assertThat(small.window()).isEqualTo(200);
    }

    /// Each threshold is the last queue on its side.
    @Test
    void thresholdsDecideAtTheirExactQueue() {
        assertThat(afterQueueOf(185, true).isInSlowStart()).isTrue();
        Vegas left = afterQueueOf(186, true);
        assertThat(left.isInSlowStart()).isFalse();
        assertThat(left.window()).isEqualTo(1000 - 186 + 186);
        assertThat(afterQueueOf(185, false).window()).isEqualTo(1001);
        assertThat(afterQueueOf(186, false).window()).isEqualTo(1000);
        assertThat(afterQueueOf(248, false).window()).isEqualTo(1000);
        assertThat(afterQueueOf(249, false).window()).isEqualTo(999);
        assertThat(afterQueueOf(310, false).window()).isEqualTo(999);
        assertThat(afterQueueOf(311, false).window()).isEqualTo(1000 - 311 + 310 - 1);
    }

    /// A full window of 1000 cells whose last acknowledgement says that so many of them wait in queues.
    private static Vegas afterQueueOf(int cells, boolean slowStart) {
        Vegas vegas = vegas(Map.of());
        assertThat(vegas.measured(1_000_000)).isTrue();
        vegas.window = 1000;
        vegas.inflight = 1000;
        vegas.slowStart = slowStart;
        // The largest average with that quotient; the average of two weighs the newest twice.
        long average = 1_000_000_000L / (1000 - cells);
        vegas.acknowledged((3 * average - 1_000_000 + 1) / 2, false, 0);
        assertThat(vegas.roundTrip().averageMicros()).isEqualTo(average);
        return vegas;
    }

    @Test
    void everyParameterIsReadWithinItsBounds() {
        VegasParameters defaults = VegasParameters.ofExit(NetworkParameters.NONE);
        assertThat(defaults)
                .isEqualTo(new VegasParameters(
                        124,
                        124,
                        Integer.MAX_VALUE,
                        1,
                        31,
                        100,
                        50,
                        10,
                        2,
                        100,
                        4,
                        25,
                        true,
                        186,
                        248,
                        186,
                        310,
                        600,
                        5000));
        VegasParameters least = VegasParameters.ofExit(every(-1));
        assertThat(least)
                .isEqualTo(new VegasParameters(31, 31, 500, 1, 1, 1, 1, 2, 2, 0, 0, 0, false, 0, 0, 0, 0, 100, 500));
        VegasParameters most = VegasParameters.ofExit(every(Integer.MAX_VALUE));
        int max = Integer.MAX_VALUE;
        assertThat(most)
                .isEqualTo(new VegasParameters(
                        10_000, 1000, max, 1000, 250, 500, 255, max, max, 100, 32_767, 100, true, 1000, 1000, 1000, max,
                        max, max));
    }

    private static NetworkParameters every(int value) {
        Map<String, Integer> all = new HashMap<>();
        for (String name : List.of(
                "cwnd_init",
                "cwnd_min",
                "cwnd_max",
                "cwnd_inc",
                "cwnd_inc_rate",
                "cwnd_inc_pct_ss",
                "ewma_cwnd_pct",
                "ewma_max",
                "ewma_ss",
                "rtt_reset_pct",
                "cwnd_full_gap",
                "cwnd_full_minpct",
                "cwnd_full_per_cwnd",
                "vegas_alpha_exit",
                "vegas_beta_exit",
                "vegas_gamma_exit",
                "vegas_delta_exit",
                "sscap_exit",
                "ss_max")) {
            all.put("cc_" + name, value);
        }
        return new NetworkParameters(all);
    }

    private static void replay(long[][] steps) {
        Vegas vegas = vegas(Map.of());
        for (int i = 0; i < steps.length; i++) {
            long[] step = steps[i];
            vegas.inflight = step[3];
            vegas.acknowledged(step[1] - step[0], step[2] == 1, 0);
            if (step[2] == 1) {
                assertThat(vegas.untilUpdate()).isEqualTo(vegas.updateRate());
            }
            long[] got = {
                vegas.roundTrip().averageMicros(),
                vegas.roundTrip().leastMicros(),
                vegas.window(),
                vegas.isInSlowStart() ? 1 : 0,
                vegas.isFull() ? 1 : 0,
                vegas.isBlocked() ? 1 : 0
            };
            assertThat(got).as("step %d", i).containsExactly(step[4], step[5], step[6], step[7], step[8], step[9]);
            assertThat(vegas.inflight()).isEqualTo(step[3] - INCREMENT);
        }
    }

    private static Vegas vegas(Map<String, Integer> voted) {
        return new Vegas(VegasParameters.ofExit(new NetworkParameters(voted)), INCREMENT);
    }
}
