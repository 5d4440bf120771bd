package sallyport.supervisor.config;

import java.time.Duration;

/// How a running process takes over a state that was applied: a batch of relays at a time.
///
/// @param batch how many relays a batch has; where [#percent] says so, of a hundred that the host has
/// @param batchLimit how long a batch may take until all of it is healthy
/// @param drainWithin for how long a relay that leaves may go on with what is open
public record ApplySpec(int batch, boolean percent, Duration batchLimit, Duration drainWithin) {
    // Ours. A tenth: what a batch breaks, nine tenths make up for. Five minutes: keys, an ORPort, a self-test. Ten:
    // most
    // circuits are idle, and over by then.
    public static final ApplySpec DEFAULT = new ApplySpec(10, true, Duration.ofMinutes(5), Duration.ofMinutes(10));

    private static final int WHOLE_PERCENT = 100;

    /// How many relays a batch has.
    ///
    /// @param relays of the host, when all is done
    public int batchOf(int relays) {
        return percent ? Math.max(1, Math.ceilDiv(relays * batch, WHOLE_PERCENT)) : batch;
    }

    /// The same with so many relays in a batch.
    public ApplySpec inBatchesOf(int relays) {
        return new ApplySpec(relays, false, batchLimit, drainWithin);
    }

    /// The same with another limit for draining.
    public ApplySpec drainingWithin(Duration limit) {
        return new ApplySpec(batch, percent, batchLimit, limit);
    }
}
