package sallyport.benchmarks.soak;

import java.time.Duration;

/// When something was last broken, for the question whether that explains a failure. Safe for use by several threads.
final class Outage {
    private final long graceNanos;
    private volatile boolean now;
    private volatile long endNanos;

    /// @param grace how long its consequences go on after its end
    Outage(Duration grace) {
        this.graceNanos = grace.toNanos();
        this.endNanos = System.nanoTime() - graceNanos - 1;
    }

    void begin() {
        now = true;
    }

    void end() {
        endNanos = System.nanoTime();
        now = false;
    }

    /// Whether what began then and has just failed may have failed of this.
    boolean explains(long beginNanos) {
        return now || endNanos + graceNanos - beginNanos > 0;
    }
}
