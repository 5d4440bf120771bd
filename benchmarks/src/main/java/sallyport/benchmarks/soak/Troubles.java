package sallyport.benchmarks.soak;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// When each relay and client was last disturbed: a circuit through it that is older than that may be gone. Safe for
/// use
/// by several threads.
final class Troubles {
    // A relay that was killed comes back with new links; others notice that theirs are dead when they use them, and an
    // authority may leave it out of one consensus.
    private static final long BUILD_GRACE_NANOS = TimeUnit.SECONDS.toNanos(90);

    private final Map<String, Long> lastNanos = new ConcurrentHashMap<>();

    void mark(String who) {
        lastNanos.put(who, System.nanoTime());
    }

    /// Whether it was disturbed after that moment.
    boolean since(String who, long nanos) {
        Long last = lastNanos.get(who);
        return last != null && last - nanos > 0;
    }

    /// Whether it was disturbed lately enough for a circuit through it to fail that was begun then.
    boolean lately(String who, long nanos) {
        return since(who, nanos - BUILD_GRACE_NANOS);
    }
}
