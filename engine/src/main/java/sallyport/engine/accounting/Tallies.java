package sallyport.engine.accounting;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/// What one relay counts for its operator. Its loop counts, anyone reads.
@SuppressWarnings("EnumOrdinal") // the numbers are slots of one array and leave it never
public final class Tallies {
    private static final Tally[] KINDS = Tally.values();

    private final AtomicLongArray counts = new AtomicLongArray(KINDS.length);

    /// One more. Runs on: the instance's loop, and nowhere else, so that it costs no locked instruction.
    public void count(Tally kind) {
        counts.setOpaque(kind.ordinal(), counts.getPlain(kind.ordinal()) + 1);
    }

    /// All sums so far; a copy.
    public Map<Tally, Long> snapshot() {
        Map<Tally, Long> sums = new EnumMap<>(Tally.class);
        for (Tally kind : KINDS) {
            sums.put(kind, counts.getOpaque(kind.ordinal()));
        }
        return sums;
    }
}
