package sallyport.lab.load;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// What became of the visits of one profile. Confined to the load's loop until the load is over.
public final class Tally {
    private static final long MICROS_MAX = 600_000_000;
    private static final int DIGITS = 3;
    private static final long NANOS_PER_MICRO = 1_000;

    private final Histogram first = new Histogram(MICROS_MAX, DIGITS);
    private final Histogram whole = new Histogram(MICROS_MAX, DIGITS);
    private final Map<String, Long> failures = new TreeMap<>();
    private long begun;
    private long complete;
    private long turnedAway;
    private long bytes;
    private boolean timeIsUp;

    /// Microseconds from the moment a visit was to begin until the first byte that came back.
    public Histogram first() {
        return first;
    }

    /// Microseconds from the moment a visit was to begin until it was complete; of a chat, each line from
    /// its own moment.
    public Histogram whole() {
        return whole;
    }

    /// Visits that failed, by a reason that names nobody.
    public Map<String, Long> failures() {
        return failures;
    }

    /// Visits that began.
    public long begun() {
        return begun;
    }

    /// Visits that came to their end as they should.
    public long complete() {
        return complete;
    }

    /// Visits that did not begin, for too many were under way: where there are any, the load was not the
    /// one planned.
    public long turnedAway() {
        return turnedAway;
    }

    /// Bytes of answers that were complete before the load's time was over, and of what was sent for
    /// them: over the time that counts, the throughput.
    public long bytes() {
        return bytes;
    }

    void begin() {
        begun++;
    }

    void turnAway() {
        turnedAway++;
    }

    void firstAfter(long nanos) {
        first.recordValue(micros(nanos));
    }

    void wholeAfter(long nanos) {
        whole.recordValue(micros(nanos));
    }

    void moved(long count) {
        if (!timeIsUp) {
            bytes += count;
        }
    }

    /// What is moved from here on is none of the load's throughput.
    void timeIsUp() {
        timeIsUp = true;
    }

    void completed() {
        complete++;
    }

    void failed(String reason) {
        failures.merge(reason, 1L, Long::sum);
    }

    private static long micros(long nanos) {
        return Math.clamp(nanos / NANOS_PER_MICRO, 0, MICROS_MAX);
    }
}
