package sallyport.engine.directory;

import java.time.Duration;
import java.time.Instant;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.world.Entropy;

/// When to ask for what. Times are the world's clock; nothing here waits.
final class FetchSchedule {
    // As C tor (CONSENSUS_MIN_SECONDS_BEFORE_CACHING).
    private static final long SLOP_SECONDS = 120;
    // Ours: a private network has few relays, and somebody is watching it start.
    private static final long SPREAD_SECONDS_TESTING = 3;
    private static final Duration RETRY_MIN = Duration.ofSeconds(10);
    private static final Duration RETRY_MAX = Duration.ofMinutes(10);
    private static final Duration RETRY_MIN_TESTING = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX_TESTING = Duration.ofSeconds(5);
    // Ours: a network that votes each hour is not hurried by asking every few seconds.
    private static final int RETRIES_PER_INTERVAL_TESTING = 60;

    private final boolean testing;
    private final Entropy entropy;
    private Duration retryMaxTesting = RETRY_MAX_TESTING;

    FetchSchedule(boolean testing, Entropy entropy) {
        this.testing = testing;
        this.entropy = entropy;
    }

    /// The moment to fetch the consensus after this one: dir-spec 4.3, a cache asks "at a random time in
    /// the first half-interval after" the current one is no longer fresh. It lies in the past when this
    /// one has expired.
    Instant after(Consensus consensus) {
        long interval = Math.max(
                1,
                Duration.between(consensus.validAfter(), consensus.freshUntil()).toSeconds());
        retryMaxTesting = longer(Duration.ofSeconds(interval / RETRIES_PER_INTERVAL_TESTING), RETRY_MAX_TESTING);
        long slop = Math.clamp(interval / 16, 1, SLOP_SECONDS);
        long spread = Math.max(1, testing ? Math.min(interval / 2, SPREAD_SECONDS_TESTING) : interval / 2);
        Instant start = consensus.freshUntil().plusSeconds(slop);
        if (!start.plusSeconds(spread).isBefore(consensus.validUntil())) {
            start = consensus.validUntil().minusSeconds(spread + 1);
        }
        return start.plusMillis(entropy.jitter(spread * 1000));
    }

    /// The wait after a failed round: random, up to three times the last one, as C tor waits, and bounded.
    ///
    /// @param last the wait before, zero for the first
    Duration retry(Duration last) {
        long min = (testing ? RETRY_MIN_TESTING : RETRY_MIN).toMillis();
        long max = (testing ? retryMaxTesting : RETRY_MAX).toMillis();
        long high = Math.max(last.toMillis() * 3, min + 1);
        return Duration.ofMillis(Math.min(max, min + entropy.jitter(high - min)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
