package sallyport.engine.stream;

import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.limits.TokenBucket;
import sallyport.engine.netdoc.NetworkParameters;

/// How many streams and lookups a second one circuit may begin (dos-spec, `DoSStreamCreation…` of the consensus);
/// nothing is limited unless it says so.
final class StreamLimiter {
    private static final int DEFENCE_NONE = 1;
    private static final int DEFENCE_REFUSE = 2;
    private static final int DEFENCE_CLOSE = 3;

    private @Nullable TokenBucket bucket;

    /// Counts a BEGIN or RESOLVE, and says whether it may go on.
    ///
    /// @param nowSecond of a clock that only goes forward
    /// @throws ProtocolViolation with RESOURCELIMIT, where the circuit has to go
    boolean allows(NetworkParameters voted, long nowSecond) throws ProtocolViolation {
        if (voted.get("DoSStreamCreationEnabled", 0, 1, 0) == 0) {
            return true;
        }
        int burst = voted.get("DoSStreamCreationBurst", 1, Integer.MAX_VALUE, 300);
        if (bucket == null) {
            bucket = new TokenBucket(burst, nowSecond);
        }
        bucket.refill(voted.get("DoSStreamCreationRate", 1, Integer.MAX_VALUE, 100), burst, nowSecond);
        if (bucket.take()) {
            return true;
        }
        int defence = voted.get("DoSStreamCreationDefenseType", DEFENCE_NONE, DEFENCE_CLOSE, DEFENCE_REFUSE);
        if (defence == DEFENCE_CLOSE) {
            throw ProtocolViolation.circuit(DestroyReason.RESOURCELIMIT, "too many streams of one circuit a second");
        }
        return defence == DEFENCE_NONE;
    }
}
