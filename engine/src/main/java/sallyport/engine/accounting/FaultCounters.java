package sallyport.engine.accounting;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How often peers broke which rule, for one instance. Thread-safe. A fault of a peer is a number here, never a line in
/// the log.
public final class FaultCounters {
    // Ours: the kinds are constant texts of the code, a few hundred at most; a text made of input would fill the map,
    // so beyond this many everything is one kind.
    static final int KINDS_MAX = 1024;
    static final String OVERFLOW = "other";

    private final ConcurrentHashMap<String, LongAdder> counts = new ConcurrentHashMap<>();

    /// Counts one fault. `what` is a constant text, as [sallyport.engine.bytes.Malformed] carries it, never input.
    public void count(String what) {
        LongAdder adder = counts.get(what);
        if (adder == null) {
            String kind = counts.size() < KINDS_MAX ? what : OVERFLOW;
            adder = counts.computeIfAbsent(kind, _ -> new LongAdder());
        }
        adder.increment();
    }

    /// The sums so far, sorted by kind; a copy.
    public Map<String, Long> snapshot() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((what, adder) -> sums.put(what, adder.sum()));
        return sums;
    }
}
