package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A quota through its intervals, restarts and clocks that are set. The rules are those of C tor's hibernate.c.
class AccountingTest {
    private static final long MIB = 1L << 20;
    private static final long MAX = 100 * MIB;
    private static final long RATE = 10 * MIB;
    private static final Instant MIDNIGHT = Instant.parse("2026-11-22T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final AccountingStart DAILY =
            new AccountingStart(AccountingStart.Unit.DAY, 1, LocalTime.MIDNIGHT, ZoneOffset.UTC);
    private static final AccountingSpec QUOTA = new AccountingSpec(MAX, DAILY, AccountingRule.MAX);
    private static final long DRAWN = 0xfedc_ba98L;

    private Instant now = MIDNIGHT.plusSeconds(60);
    private Accounting accounting = new Accounting(_ -> DRAWN);

    @Test
    void aRelayWithoutAQuotaIsAwake() {
        accounting.follow(AccountingSpec.NONE, RATE, now);
        assertThat(carry(1L << 50)).isEqualTo(Accounting.State.AWAKE);
        assertThat(AccountingLines.of(accounting)).isEmpty();
    }

    @Test
    void itRefusesNewThingsShortOfTheEndAndSleepsAtTheEnd() {
        accounting.follow(QUOTA, RATE, now);
        assertThat(carry(95 * MIB - 1)).isEqualTo(Accounting.State.AWAKE);
        assertThat(carry(1)).isEqualTo(Accounting.State.SOFT);
        assertThat(carry(5 * MIB - 1)).isEqualTo(Accounting.State.SOFT);
        assertThat(carry(1)).isEqualTo(Accounting.State.DORMANT);
        assertThat(accounting.sleepsUntil()).isEqualTo(MIDNIGHT.plus(DAY));
        now = MIDNIGHT.plus(DAY).minusSeconds(1);
        assertThat(carry(0)).isEqualTo(Accounting.State.DORMANT);
        now = MIDNIGHT.plus(DAY);
        assertThat(carry(0)).isEqualTo(Accounting.State.AWAKE);
        assertThat(accounting.usedBytes()).isZero();
    }

    /// Of a great quota the last 500 MiB are the soft part, not five percent.
    @Test
    void aGreatQuotaHasASmallSoftPart() {
        accounting.follow(new AccountingSpec(100_000 * MIB, DAILY, AccountingRule.MAX), RATE, now);
        assertThat(carry(99_500 * MIB - 1)).isEqualTo(Accounting.State.AWAKE);
        assertThat(carry(1)).isEqualTo(Accounting.State.SOFT);
    }

    @Test
    void theRuleSaysWhichBytesCount() {
        for (AccountingRule rule : AccountingRule.values()) {
            accounting = new Accounting(_ -> DRAWN);
            accounting.follow(new AccountingSpec(MAX, DAILY, rule), RATE, now);
            accounting.tick(7, 30, now);
            assertThat(accounting.usedBytes())
                    .as("%s", rule)
                    .isEqualTo(
                            switch (rule) {
                                case MAX, OUT -> 30;
                                case SUM -> 37;
                                case IN -> 7;
                            });
        }
    }

    /// What was used on the first day decides when the second one begins to be used.
    @Test
    void theNextIntervalBeginsAtATimeThatLeavesEnoughOfIt() {
        accounting.follow(QUOTA, RATE, now);
        carryFor(Duration.ofHours(2), MIB / 120);
        long used = accounting.usedBytes();
        // The first second is not one between two moments.
        long perMinute = used / (7199 / 60);
        now = MIDNIGHT.plus(DAY);
        assertThat(carry(0)).isEqualTo(Accounting.State.DORMANT);
        long lasts = MAX / perMinute * 60;
        Instant wake = now.plusSeconds(DRAWN % (86_400 - lasts));
        assertThat(accounting.sleepsUntil()).isEqualTo(wake);
        now = wake.minusSeconds(1);
        assertThat(carry(0)).isEqualTo(Accounting.State.DORMANT);
        now = wake;
        assertThat(carry(0)).isEqualTo(Accounting.State.AWAKE);
    }

    /// Twenty minutes say nothing about a day.
    @Test
    void aShortMeasurementIsNone() {
        accounting.follow(QUOTA, RATE, now);
        carryFor(Duration.ofMinutes(20), MIB);
        now = MIDNIGHT.plus(DAY);
        assertThat(carry(0)).isEqualTo(Accounting.State.AWAKE);
    }

    /// C tor's lines, its rounding included; either program goes on with them.
    @Test
    void aRestartGoesOnWhereTheLinesEnd() {
        accounting.follow(QUOTA, RATE, now);
        carry(96 * MIB + 1);
        List<String> lines = AccountingLines.of(accounting);
        assertThat(lines)
                .containsExactly(
                        "AccountingBytesReadInInterval 100664320",
                        "AccountingBytesWrittenInInterval 0",
                        "AccountingExpectedUsage 0",
                        "AccountingIntervalStart 2026-11-22 00:00:00",
                        "AccountingSecondsActive 0",
                        "AccountingSecondsToReachSoftLimit 0",
                        "AccountingSoftLimitHitAt 2026-11-22 00:01:00",
                        "AccountingBytesAtSoftLimit 100663297");

        accounting = new Accounting(_ -> DRAWN);
        assertThat(AccountingLines.restore(lines, accounting)).isTrue();
        accounting.follow(QUOTA, RATE, now);
        assertThat(accounting.state()).isEqualTo(Accounting.State.SOFT);
        assertThat(carry(4 * MIB)).isEqualTo(Accounting.State.DORMANT);

        accounting = new Accounting(_ -> DRAWN);
        assertThat(AccountingLines.restore(lines, accounting)).isTrue();
        now = now.plus(DAY);
        accounting.follow(QUOTA, RATE, now);
        assertThat(accounting.usedBytes()).as("another day").isZero();
    }

    @Test
    void linesThatCannotBeReadChangeNothing() {
        for (String bad : List.of(
                "AccountingBytesReadInInterval many",
                "AccountingBytesReadInInterval -1",
                "AccountingIntervalStart yesterday",
                "AccountingSecondsActive 99999999999999999999")) {
            assertThat(AccountingLines.restore(List.of("AccountingExpectedUsage 7", bad), accounting))
                    .as(bad)
                    .isFalse();
            assertThat(AccountingLines.of(accounting)).isEmpty();
        }
        assertThat(AccountingLines.restore(List.of(), accounting)).isTrue();
    }

    /// A clock that is set back within the interval, or a little out of it, gives nobody a second quota.
    @Test
    void aClockThatIsSetBackChangesNothing() {
        now = MIDNIGHT.plus(Duration.ofHours(1));
        accounting.follow(QUOTA, RATE, now);
        carry(90 * MIB);
        now = MIDNIGHT.minus(Duration.ofHours(2));
        assertThat(carry(MIB)).isEqualTo(Accounting.State.AWAKE);
        assertThat(accounting.usedBytes()).isEqualTo(91 * MIB);
        assertThat(carry(10 * MIB)).isEqualTo(Accounting.State.DORMANT);
    }

    /// Intervals that begin elsewhere, by less than half of one, are the same interval.
    @Test
    void anotherTimeOfDayGoesOnWithTheSameInterval() {
        now = MIDNIGHT.plus(Duration.ofHours(12));
        accounting.follow(QUOTA, RATE, now);
        carry(50 * MIB);
        AccountingStart six = new AccountingStart(AccountingStart.Unit.DAY, 1, LocalTime.of(6, 0), ZoneOffset.UTC);
        accounting.follow(new AccountingSpec(MAX, six, AccountingRule.MAX), RATE, now);
        assertThat(accounting.usedBytes()).isEqualTo(50 * MIB);
    }

    @Test
    void whoLiftsTheQuotaWakesTheRelay() {
        accounting.follow(QUOTA, RATE, now);
        assertThat(carry(MAX)).isEqualTo(Accounting.State.DORMANT);
        accounting.follow(AccountingSpec.NONE, RATE, now);
        assertThat(accounting.state()).isEqualTo(Accounting.State.AWAKE);
    }

    /// C tor's router_should_be_dirserver.
    @Test
    void whoMayUseItsQuotaUpServesNoDirectory() {
        long perDay = 86_400 * RATE;
        assertThat(new AccountingSpec(perDay, DAILY, AccountingRule.MAX).forbidsDirectoryCache(RATE, now))
                .isTrue();
        assertThat(new AccountingSpec(perDay, DAILY, AccountingRule.MAX).forbidsDirectoryCache(RATE - 1, now))
                .isFalse();
        assertThat(new AccountingSpec(perDay, DAILY, AccountingRule.SUM).forbidsDirectoryCache(RATE / 2, now))
                .isTrue();
        assertThat(new AccountingSpec(perDay, DAILY, AccountingRule.IN).forbidsDirectoryCache(RATE, now))
                .isFalse();
        assertThat(AccountingSpec.NONE.forbidsDirectoryCache(RATE, now)).isFalse();
    }

    private void carryFor(Duration time, long bytesPerSecond) {
        for (long i = 0; i < time.toSeconds(); i++) {
            now = now.plusSeconds(1);
            carry(bytesPerSecond);
        }
    }

    private Accounting.State carry(long bytes) {
        return accounting.tick(bytes, 0, now);
    }
}
