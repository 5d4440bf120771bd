package sallyport.lab.client;

import java.util.concurrent.TimeUnit;

/// How long somebody whose circuits fail waits before the next one: the first failures cost nothing, for
/// another path is another chance; then a pause, twice as long each time.
final class Backoff {
    /// Ours: C tor too tries a few times at once (its MAX_CIRCUIT_FAILURES is 5 a minute). A relay through
    /// which every third path leads fails so often in a row once in 81 times.
    static final int FREE_FAILURES = 4;

    private static final long PAUSE_MILLIS_MIN = 100;
    private static final long PAUSE_MILLIS_MAX = 10_000;
    private static final int DOUBLINGS_MAX = 7;

    private int failures;
    private long notBeforeNanos;

    /// A circuit failed.
    void failed(long nowNanos) {
        failures++;
        pause(nowNanos);
    }

    /// A circuit was built.
    void worked() {
        failures = 0;
    }

    /// Nothing can be tried: not a failure of any relay, and not free.
    void stuck(long nowNanos) {
        failures = Math.max(failures, FREE_FAILURES) + 1;
        pause(nowNanos);
    }

    private void pause(long nowNanos) {
        int beyond = failures - FREE_FAILURES;
        long millis =
                beyond <= 0 ? 0 : Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_MIN << Math.min(beyond - 1, DOUBLINGS_MAX));
        notBeforeNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /// How much of the pause is left; 0 or less: nothing. Only once something has failed.
    long leftNanos(long nowNanos) {
        return failures == 0 ? 0 : notBeforeNanos - nowNanos;
    }
}
