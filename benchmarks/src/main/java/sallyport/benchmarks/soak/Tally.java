package sallyport.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What was done and what became of it. Safe for use by several threads.
final class Tally {
    // Enough to understand what went wrong; the rest is a number.
    private static final int COMPLAINTS_MAX = 40;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final List<String> complaints = new ArrayList<>();

    void count(String what) {
        add(what, 1);
    }

    void add(String what, long delta) {
        counts.computeIfAbsent(what, _ -> new LongAdder()).add(delta);
    }

    long get(String what) {
        LongAdder adder = counts.get(what);
        return adder == null ? 0 : adder.sum();
    }

    /// Something of that kind that no fault of ours explains.
    void unexpected(String kind, String what) {
        count("unexpected " + kind);
        synchronized (complaints) {
            if (complaints.size() < COMPLAINTS_MAX) {
                complaints.add(kind + ": " + what);
                System.err.println("unexpected: " + kind + ": " + what);
            }
        }
    }

    List<String> complaints() {
        synchronized (complaints) {
            return List.copyOf(complaints);
        }
    }

    /// All counts under a prefix, without it, sorted.
    Map<String, Long> under(String prefix) {
        Map<String, Long> found = new TreeMap<>();
        counts.forEach((what, adder) -> {
            if (what.startsWith(prefix)) {
                found.put(what.substring(prefix.length()), adder.sum());
            }
        });
        return found;
    }
}
