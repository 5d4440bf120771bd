package sallyport.engine.accounting;

import java.time.Duration;

/// Says when bugs of ours come so thick in one relay that it should not go on. Runs on one loop.
public final class BugBurst {
    // Ours: one bad request may meet a bug a few times, and closing its circuit is answer enough. What fails fifty
    // times
    // a minute fails for everybody, or somebody has learned to make it fail.
    public static final int BUGS_MAX = 50;
    public static final Duration WITHIN = Duration.ofMinutes(1);

    private final long[] recentNanos = new long[BUGS_MAX];
    private long noted;
    private boolean told;

    /// One more bug.
    ///
    /// @return whether that was one too many; true only once
    public boolean note(long nowNanos) {
        int slot = (int) (noted++ % BUGS_MAX);
        // The time that is overwritten is that of the bug BUGS_MAX ago.
        long oldest = recentNanos[slot];
        recentNanos[slot] = nowNanos;
        if (told || noted <= BUGS_MAX || nowNanos - oldest > WITHIN.toNanos()) {
            return false;
        }
        told = true;
        return true;
    }
}
