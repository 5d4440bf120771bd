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
    private final LongAdder ownBugs = new LongAdder();
    private final Tallies tallies = new Tallies();
    private volatile Runnable whenOwnBug = () -> {};

    /// Counts one fault. `what` is a constant text, as [sallyport.engine.bytes.Malformed] carries it, never input.
    public void count(String what) {
        LongAdder adder = counts.get(what);
        if (adder == null) {
            String kind = counts.size() < KINDS_MAX ? what : OVERFLOW;
            adder = counts.computeIfAbsent(kind, _ -> new LongAdder());
        }
        adder.increment();
    }

    /// Counts an exception that only a bug of ours explains, and tells whoever listens. `what` is a constant text.
    void countOwnBug(String what) {
        count(what);
        ownBugs.increment();
        whenOwnBug.run();
    }

    /// Who hears of each bug of ours, on the thread that met it.
    public void whenOwnBug(Runnable listener) {
        whenOwnBug = listener;
    }

    /// Bugs of ours so far; among the [#snapshot] under their kinds too.
    public long ownBugs() {
        return ownBugs.sum();
    }

    /// What is counted beside faults.
    public Tallies tallies() {
        return tallies;
    }

    /// The sums so far, sorted by kind; a copy.
    public Map<String, Long> snapshot() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((what, adder) -> sums.put(what, adder.sum()));
        return sums;
    }
}
