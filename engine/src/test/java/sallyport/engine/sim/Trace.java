package sallyport.engine.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/// What happened, in order, as one number; and its last lines in words where somebody wants to read them.
public final class Trace {
    private static final int LINES_MAX = 200;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final boolean inWords;
    private final Deque<String> lines = new ArrayDeque<>();
    private long hash = 0xcbf29ce484222325L;

    public Trace(boolean inWords) {
        this.inWords = inWords;
    }

    void add(long nanos, String where, String what, long amount) {
        hash = mix(mix(mix(mix(hash, nanos), where.hashCode()), what.hashCode()), amount);
        if (inWords) {
            lines.add("%,d us %s: %s %d".formatted(nanos / 1000, where, what, amount));
            if (lines.size() > LINES_MAX) {
                lines.remove();
            }
        }
    }

    /// Equal for equal runs.
    public long hash() {
        return hash;
    }

    public String lastLines() {
        return String.join("\n", lines);
    }

    private static long mix(long hash, long value) {
        return (hash ^ value) * FNV_PRIME ^ hash >>> 29;
    }
}
