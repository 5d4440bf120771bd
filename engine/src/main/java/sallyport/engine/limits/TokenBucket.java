package sallyport.engine.limits;

/// So many things a second in the long run, and so many at once: whole tokens, refilled by whole seconds as C tor's
/// are.
/// One owner; not thread-safe.
public final class TokenBucket {
    private int tokens;
    private long filledSecond;

    /// Full.
    ///
    /// @param burst tokens at most, not negative
    /// @param nowSecond of a clock that only goes forward
    public TokenBucket(int burst, long nowSecond) {
        tokens = burst;
        filledSecond = nowSecond;
    }

    /// Lets time pass. What `rate`, tokens a second, and `burst` were before does not matter.
    public void refill(int rate, int burst, long nowSecond) {
        long elapsed = nowSecond - filledSecond;
        filledSecond = nowSecond;
        // At most 2^31 seconds of 2^31 tokens.
        tokens = (int) Math.min(burst, tokens + Math.min(elapsed, Integer.MAX_VALUE) * rate);
    }

    /// Takes a token if there is one, and says whether there was.
    public boolean take() {
        if (tokens == 0) {
            return false;
        }
        tokens--;
        return true;
    }

    public boolean isEmpty() {
        return tokens == 0;
    }

    boolean isFull(int burst) {
        return tokens >= burst;
    }
}
