package sallyport.supervisor.launch;

import java.time.Duration;

/// When the log is to say again what the relays hold.
final class Heartbeat {
    private long lastNanos;

    /// @param nowNanos of a clock that only goes forward, as all that follow
    Heartbeat(long nowNanos) {
        this.lastNanos = nowNanos;
    }

    /// Whether `period` has passed since the last time it was due, or since the beginning; then it begins anew.
    ///
    /// @param period zero: it is never due
    boolean isDue(Duration period, long nowNanos) {
        if (period.isZero() || nowNanos - lastNanos < period.toNanos()) {
            return false;
        }
        lastNanos = nowNanos;
        return true;
    }
}
