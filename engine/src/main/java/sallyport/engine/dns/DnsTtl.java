package sallyport.engine.dns;

import sallyport.engine.world.Entropy;

/// How long answers are kept. C tor's defence against tracing names through cache times: two values only, blurred.
final class DnsTtl {
    static final int SHORT_SECONDS = 300;
    static final int LONG_SECONDS = 3600;
    static final int FUZZ_SECONDS = 240;

    private DnsTtl() {}

    /// @param ttlSeconds as answered; 0 where nothing was
    static int clip(long ttlSeconds) {
        return ttlSeconds < SHORT_SECONDS ? SHORT_SECONDS : LONG_SECONDS;
    }

    static int clipAndFuzz(long ttlSeconds, Entropy entropy) {
        return clip(ttlSeconds) - FUZZ_SECONDS + (int) entropy.jitter(2 * FUZZ_SECONDS + 1);
    }
}
