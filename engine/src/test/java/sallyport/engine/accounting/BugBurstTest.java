package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BugBurstTest {
    private static final long WITHIN_NANOS = BugBurst.WITHIN.toNanos();

    private final BugBurst bugs = new BugBurst();

    @Test
    void oneMoreThanAMinuteMayHoldIsOneTooManyOnce() {
        for (int i = 0; i < BugBurst.BUGS_MAX; i++) {
            assertThat(bugs.note(i)).as("bug %d", i).isFalse();
        }
        assertThat(bugs.note(WITHIN_NANOS)).isTrue();
        assertThat(bugs.note(WITHIN_NANOS)).isFalse();
    }

    /// Nanoseconds of the ticker may be negative.
    @Test
    void bugsThatComeSlowlyAreNever() {
        long step = WITHIN_NANOS / BugBurst.BUGS_MAX + 1;
        for (long i = 0; i < 10L * BugBurst.BUGS_MAX; i++) {
            assertThat(bugs.note(i * step - 5 * WITHIN_NANOS)).isFalse();
        }
    }
}
