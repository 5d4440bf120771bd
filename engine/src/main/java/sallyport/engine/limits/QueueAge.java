package sallyport.engine.limits;

import io.netty.util.concurrent.Ticker;

/// How long the oldest byte of a queue has waited, without a mark for every piece. It knows two moments, so it is never
/// younger than the truth, and a queue that moves looks at most as old as two of its lengths take to leave.
public final class QueueAge {
    private final Ticker ticker;
    private long added;
    private long removed;
    // Whatever lies at or behind `nextFrom` came at `nextNanos` or later, all else at `floorNanos` or later.
    private long floorNanos;
    private long nextFrom;
    private long nextNanos;

    /// @param ticker asked only when one of the two moments moves
    public QueueAge(Ticker ticker) {
        this.ticker = ticker;
    }

    /// `bytes` joined the queue.
    public void added(int bytes) {
        if (isEmpty()) {
            floorNanos = ticker.nanoTime();
            nextFrom = added + bytes;
            nextNanos = floorNanos;
        }
        added += bytes;
    }

    /// `bytes` left it, the oldest first.
    public void removed(int bytes) {
        removed += bytes;
        if (removed >= nextFrom && !isEmpty()) {
            floorNanos = nextNanos;
            nextFrom = added;
            nextNanos = ticker.nanoTime();
        }
    }

    public boolean isEmpty() {
        return added == removed;
    }

    /// Ticker nanoseconds; only while the queue is not empty.
    public long oldestNanos() {
        return floorNanos;
    }
}
