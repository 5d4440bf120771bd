package sallyport.engine.accounting;

import java.util.List;

/// The relayed traffic of one instance: what its links read and wrote. The instance's loop adds, anyone reads.
/// Times are monotonic nanoseconds of the world's ticker.
public final class BandwidthHistory {
    /// Specification, dir-spec `bandwidth`: "the maximum bandwidth over any ten second period in the past day".
    static final int OBSERVATION_SECONDS = 10;
    /// C tor's period and depth: a day's maximum and sum each, for five days.
    static final int PERIOD_SECONDS = 86_400;
    static final int PERIODS_KEPT = 5;
    /// C tor's TestingMinTimeToReportBandwidth outside testing networks: a maximum of the running day counts after a
    /// day
    /// only, so that one burst after a start promises nothing.
    static final int REPORT_AFTER_SECONDS = 86_400;

    private final DirectionHistory read;
    private final DirectionHistory written;

    public BandwidthHistory() {
        this(REPORT_AFTER_SECONDS);
    }

    /// @param reportAfterSeconds how long to observe before a maximum is stated; 0 in testing networks
    public BandwidthHistory(int reportAfterSeconds) {
        read = new DirectionHistory(reportAfterSeconds);
        written = new DirectionHistory(reportAfterSeconds);
    }

    /// Runs on: the instance's loop.
    public void read(int bytes, long nowNanos) {
        read.add(bytes, nowNanos);
    }

    /// Runs on: the instance's loop.
    public void written(int bytes, long nowNanos) {
        written.add(bytes, nowNanos);
    }

    /// The third figure of the `bandwidth` line: the lesser of both directions' greatest ten-second averages.
    public long observedBytesPerSecond() {
        return Math.min(read.greatestWindow(), written.greatestWindow()) / OBSERVATION_SECONDS;
    }

    /// Bytes of both directions since the start.
    public Totals totals() {
        return new Totals(read.total(), written.total());
    }

    /// The finished days, oldest first, at most five of each.
    public Days days(long nowNanos) {
        return new Days(read.periods(), written.periods(), read.secondsSincePeriodEnd(nowNanos));
    }

    /// What a restart must not lose, bytes read first. Runs on: the instance's loop.
    List<Kept> keep(long nowNanos) {
        return List.of(read.keep(nowNanos), written.keep(nowNanos));
    }

    /// Goes on where that ended. Before the first byte is counted.
    void restore(Kept ofRead, Kept ofWritten, long nowNanos) {
        read.restore(ofRead, nowNanos);
        written.restore(ofWritten, nowNanos);
    }

    /// @param bytes the sum
    /// @param greatestWindow the most bytes within ten seconds
    record Day(long bytes, long greatestWindow) {}

    /// One direction.
    /// @param secondsToEnd until the running day is over; negative when it was over before now
    /// @param days oldest first, the running one last: at least that one
    record Kept(long secondsToEnd, List<Day> days) {
        Kept {
            days = List.copyOf(days);
        }
    }

    /// @param read bytes read from links
    /// @param written bytes written to links
    public record Totals(long read, long written) {}

    /// @param readBytes sums per day, oldest first
    /// @param writtenBytes the same for the other direction
    /// @param secondsSinceEnd seconds since the newest day ended; meaningless while there is none
    public record Days(List<Long> readBytes, List<Long> writtenBytes, long secondsSinceEnd) {}
}
