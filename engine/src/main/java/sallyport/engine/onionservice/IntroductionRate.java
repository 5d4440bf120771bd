package sallyport.engine.onionservice;

import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.cell.ExtensionList;
import sallyport.engine.limits.TokenBucket;
import sallyport.engine.netdoc.NetworkParameters;

/// How many introductions a second one introduction point lets through, so that a flood of them stops here and not at
/// the service (rend-spec-v3 "Denial-of-service defense extension"; proposal 305). The service's own wish counts more
/// than what the authorities voted. As in C tor the last token of the bucket lets nothing through.
final class IntroductionRate {
    /// The extension of ESTABLISH_INTRO that carries a service's wish.
    static final int EXTENSION = 1;

    private static final int RATE = 1;
    private static final int BURST = 2;

    private boolean wished;
    private boolean enabled;
    private int rate;
    private int burst;
    private TokenBucket bucket;

    /// @param nowSecond of a clock that only goes forward
    IntroductionRate(ExtensionList extensions, NetworkParameters voted, long nowSecond) {
        vote(voted);
        bucket = new TokenBucket(burst, nowSecond);
        for (ExtensionList.Extension extension : extensions.extensions()) {
            if (extension.type() == EXTENSION) {
                wish(extension.body(), nowSecond);
            }
        }
    }

    /// Whether one more introduction may reach the service; if so it is counted.
    boolean take(NetworkParameters voted, long nowSecond) {
        if (!wished) {
            vote(voted);
        }
        if (!enabled) {
            return true;
        }
        bucket.refill(rate, burst, nowSecond);
        return bucket.take() && !bucket.isEmpty();
    }

    private void vote(NetworkParameters voted) {
        rate = voted.get("HiddenServiceEnableIntroDoSRatePerSec", 0, Integer.MAX_VALUE, 25);
        burst = voted.get("HiddenServiceEnableIntroDoSBurstPerSec", 0, Integer.MAX_VALUE, 200);
        // Of a rate of zero C tor's arithmetic makes nothing good; in the extension it means: off.
        enabled = voted.get("HiddenServiceEnableIntroDoSDefense", 0, 1, 0) == 1 && rate > 0 && burst > 0;
    }

    /// What cannot be read, or names a parameter that we do not know, is no wish. One that makes no sense switches the
    /// defence off.
    private void wish(byte[] body, long nowSecond) {
        long wishedRate = 0;
        long wishedBurst = 0;
        try {
            Reader in = new Reader(body);
            int parameters = in.u8();
            for (int i = 0; i < parameters; i++) {
                int type = in.u8();
                long value = in.u64();
                if (type == RATE) {
                    wishedRate = value;
                } else if (type == BURST) {
                    wishedBurst = value;
                } else {
                    return;
                }
            }
        } catch (Malformed e) {
            return;
        }
        wished = true;
        enabled = isRate(wishedRate) && isRate(wishedBurst) && wishedBurst >= wishedRate;
        if (enabled) {
            rate = (int) wishedRate;
            burst = (int) wishedBurst;
            bucket = new TokenBucket(burst, nowSecond);
        }
    }

    private static boolean isRate(long value) {
        return value > 0 && value <= Integer.MAX_VALUE;
    }
}
