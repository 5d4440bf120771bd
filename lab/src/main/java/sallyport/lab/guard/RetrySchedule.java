package sallyport.lab.guard;

import java.util.concurrent.TimeUnit;

/// How long a guard that failed is left alone, by how long it has been failing (guard-spec "Retrying guards").
enum RetrySchedule {
    /// Up to six hours.
    FRESH(TimeUnit.HOURS.toNanos(6), TimeUnit.MINUTES.toNanos(10), TimeUnit.HOURS.toNanos(1)),
    /// Up to four days.
    DAYS(TimeUnit.DAYS.toNanos(4), TimeUnit.MINUTES.toNanos(90), TimeUnit.HOURS.toNanos(4)),
    /// Up to a week.
    WEEK(TimeUnit.DAYS.toNanos(7), TimeUnit.HOURS.toNanos(4), TimeUnit.HOURS.toNanos(18)),
    /// And longer.
    LONGER(Long.MAX_VALUE, TimeUnit.HOURS.toNanos(9), TimeUnit.HOURS.toNanos(36));

    private final long failingNanosMax;
    private final long primaryNanos;
    private final long otherNanos;

    RetrySchedule(long failingNanosMax, long primaryNanos, long otherNanos) {
        this.failingNanosMax = failingNanosMax;
        this.primaryNanos = primaryNanos;
        this.otherNanos = otherNanos;
    }

    /// How long after the last attempt the next may be made.
    static long pauseNanos(long failingNanos, boolean primary) {
        for (RetrySchedule each : values()) {
            if (failingNanos <= each.failingNanosMax) {
                return primary ? each.primaryNanos : each.otherNanos;
            }
        }
        throw new IllegalStateException("longer than ever");
    }
}
