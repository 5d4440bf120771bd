package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import sallyport.engine.world.ClosedWorld;

/// What is said of too much work, and for how long; the cases are those of C tor's test_stats.c, test_overload.
class OverloadTest {
    private static final Instant START = Instant.parse("2026-11-22T08:59:59Z");
    private static final Instant HOUR = Instant.parse("2026-11-22T08:00:00Z");
    private static final Overload.SkinRules RULES = new Overload.SkinRules(1000, 6 * 3600);

    private Instant now = START;
    private final Overload overload = new Overload(new ClosedWorld() {
        @Override
        public InstantSource clock() {
            return () -> now;
        }
    });

    @Test
    void nothingIsSaidOfARelayThatKeepsUp() {
        assertThat(overload.seen()).isEqualTo(Overload.Seen.NOTHING);
    }

    @Test
    void onlyTheHourIsToldAndForThreeDays() {
        overload.general();
        overload.fdsExhausted();
        assertThat(overload.seen()).isEqualTo(new Overload.Seen(HOUR, null, 0, 0, HOUR));
        now = HOUR.plus(Duration.ofDays(3)).minusSeconds(1);
        assertThat(overload.seen().general()).isEqualTo(HOUR);
        assertThat(overload.seen().fds()).isEqualTo(HOUR);
        now = HOUR.plus(Duration.ofDays(3));
        assertThat(overload.seen()).isEqualTo(Overload.Seen.NOTHING);
    }

    @Test
    void reachedLimitsAreToldForADayAndCountedOnceAMinute() {
        overload.readLimit();
        overload.readLimit();
        overload.writeLimit();
        assertThat(overload.seen()).isEqualTo(new Overload.Seen(null, HOUR, 1, 1, null));
        now = START.plusSeconds(59);
        overload.readLimit();
        assertThat(overload.seen().reads()).isEqualTo(1);
        now = START.plusSeconds(60);
        overload.readLimit();
        assertThat(overload.seen()).isEqualTo(new Overload.Seen(null, HOUR.plusSeconds(3600), 2, 1, null));
        now = HOUR.plus(Duration.ofHours(25));
        assertThat(overload.seen().rates()).isNull();
    }

    @Test
    void theExtraInfoTellsTheLimitAndHowOftenItWasReached() {
        assertThat(overload.extraInfoLines(500_000, 900_000)).isEmpty();
        overload.general();
        overload.writeLimit();
        overload.fdsExhausted();
        assertThat(overload.extraInfoLines(500_000, 900_000))
                .containsExactly(
                        "overload-ratelimits 1 2026-11-22 08:00:00 500000 900000 0 1",
                        "overload-fd-exhausted 1 2026-11-22 08:00:00");
    }

    /// C tor's OverloadStatistics.
    @Test
    void nothingIsSaidWhereNobodyIsToBeTold() {
        overload.general();
        overload.writeLimit();
        overload.fdsExhausted();
        overload.tell(false);
        assertThat(overload.seen()).isEqualTo(Overload.Seen.NOTHING);
        assertThat(overload.extraInfoLines(500_000, 900_000)).isEmpty();
        overload.tell(true);
        assertThat(overload.seen().general()).isEqualTo(HOUR);
    }

    /// One percent of refused onion skins within six hours, of a thousand at least.
    @Test
    void refusedOnionSkinsAreJudgedPeriodByPeriod() {
        ask(990);
        drop(10);
        assertThat(overload.seen().general())
                .as("not before the period is over")
                .isNull();
        now = START.plusSeconds(6 * 3600);
        overload.onionSkin(RULES);
        assertThat(overload.seen().general()).isEqualTo(HOUR.plusSeconds(6 * 3600));
    }

    @Test
    void lessThanAPercentOrLessThanAThousandIsNoOverload() {
        ask(1001);
        drop(10);
        now = START.plusSeconds(6 * 3600);
        overload.onionSkin(RULES);
        assertThat(overload.seen().general()).isNull();
        // The period that has begun counts from nothing.
        drop(500);
        now = now.plusSeconds(6 * 3600);
        overload.onionSkin(RULES);
        assertThat(overload.seen().general()).as("501 requests").isNull();
        ask(500);
        assertThat(overload.seen().general()).as("the thousandth came late").isEqualTo(HOUR.plusSeconds(12 * 3600));
    }

    private void ask(int skins) {
        for (int i = 0; i < skins; i++) {
            overload.onionSkin(RULES);
        }
    }

    private void drop(int skins) {
        for (int i = 0; i < skins; i++) {
            overload.onionSkin(RULES);
            overload.onionSkinDropped();
        }
    }
}
