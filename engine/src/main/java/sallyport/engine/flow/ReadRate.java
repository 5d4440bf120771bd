package sallyport.engine.flow;

/// How fast a stream may read its server: what the client's last XON said (proposal 324, section 4.1), as a
/// token bucket that holds one second. What is read in one go may exceed the tokens; the next reading waits
/// for them.
public final class ReadRate {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int BYTES_PER_KB = 1000;

    private boolean limited;
    private long bytesPerSecond;
    /// In millionths of a byte, so that no short pause is rounded away.
    private long tokens;

    private long filledMicros;

    /// A client named its rate.
    ///
    /// @param kbps in 1000 bytes a second; 0, or beyond C tor's 31 bits of bytes: no limit
    public void set(long kbps, long nowMicros) {
        fill(nowMicros);
        long before = limited ? tokens : Long.MAX_VALUE;
        bytesPerSecond = kbps * BYTES_PER_KB;
        limited = kbps != 0 && bytesPerSecond <= Integer.MAX_VALUE;
        tokens = Math.min(before, bytesPerSecond * MICROS_PER_SECOND);
        filledMicros = nowMicros;
    }

    /// Bytes were read, after [#waitMicros] had said that they may be.
    public void took(int bytes) {
        if (limited) {
            tokens -= bytes * MICROS_PER_SECOND;
        }
    }

    /// How long to wait before reading more; 0: no time at all.
    public long waitMicros(long nowMicros) {
        if (!limited) {
            return 0;
        }
        fill(nowMicros);
        return tokens > 0 ? 0 : -tokens / bytesPerSecond + 1;
    }

    private void fill(long nowMicros) {
        if (limited) {
            // Beyond a second the bucket is full, so a long pause cannot overflow.
            long micros = Math.min(nowMicros - filledMicros, MICROS_PER_SECOND + debtMicros());
            tokens = Math.min(tokens + micros * bytesPerSecond, bytesPerSecond * MICROS_PER_SECOND);
            filledMicros = nowMicros;
        }
    }

    private long debtMicros() {
        return tokens >= 0 ? 0 : -tokens / bytesPerSecond + 1;
    }
}
