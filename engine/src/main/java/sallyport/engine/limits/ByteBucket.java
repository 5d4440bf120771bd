package sallyport.engine.limits;

/// The bytes that may pass in one direction. What passes at once may exceed them; then nothing passes until the debt is
/// paid, so that the rate holds in the long run. One owner; not thread-safe.
final class ByteBucket {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private Rate rate;
    private long bytes;
    private long filledNanos;

    /// Full.
    ByteBucket(Rate rate, long nowNanos) {
        this.rate = rate;
        this.bytes = rate.burstBytes();
        this.filledNanos = nowNanos;
    }

    /// Goes on at another rate, with no more than its burst.
    void follow(Rate next, long nowNanos) {
        refill(nowNanos);
        rate = next;
        bytes = Math.min(bytes, next.burstBytes());
    }

    Rate rate() {
        return rate;
    }

    /// Lets time pass; a clock that steps back adds nothing.
    void refill(long nowNanos) {
        long elapsed = nowNanos - filledNanos;
        long seconds = elapsed / NANOS_PER_SECOND;
        if (seconds > (rate.burstBytes() - bytes) / rate.bytesPerSecond()) {
            bytes = rate.burstBytes();
            filledNanos = nowNanos;
            return;
        }
        long partBytes = elapsed % NANOS_PER_SECOND * rate.bytesPerSecond() / NANOS_PER_SECOND;
        long fresh = seconds * rate.bytesPerSecond() + partBytes;
        if (fresh > 0) {
            bytes = Math.min(rate.burstBytes(), bytes + fresh);
            // The rest of a byte is not lost: its time counts at the next look.
            filledNanos += seconds * NANOS_PER_SECOND + partBytes * NANOS_PER_SECOND / rate.bytesPerSecond();
        }
    }

    void took(long passed) {
        bytes -= passed;
    }

    /// As of the last [#refill]; negative for a debt.
    long bytes() {
        return bytes;
    }
}
