package sallyport.engine.accounting;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The traffic of one instance: what its links and its connections to servers read and wrote. The instance's loop adds,
/// anyone reads. Times are monotonic nanoseconds of the world's ticker.
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
    private final DirectionHistory ipv6Read;
    private final DirectionHistory ipv6Written;
    private final DirectionHistory directoryRead;
    private final DirectionHistory directoryWritten;

    public BandwidthHistory() {
        this(REPORT_AFTER_SECONDS);
    }

    /// @param reportAfterSeconds how long to observe before a maximum is stated; 0 in testing networks
    public BandwidthHistory(int reportAfterSeconds) {
        read = new DirectionHistory(reportAfterSeconds);
        written = new DirectionHistory(reportAfterSeconds);
        ipv6Read = new DirectionHistory(reportAfterSeconds);
        ipv6Written = new DirectionHistory(reportAfterSeconds);
        directoryRead = new DirectionHistory(reportAfterSeconds);
        directoryWritten = new DirectionHistory(reportAfterSeconds);
    }

    private DirectionHistory of(HistoryKind kind) {
        return switch (kind) {
            case WRITTEN -> written;
            case READ -> read;
            case IPV6_WRITTEN -> ipv6Written;
            case IPV6_READ -> ipv6Read;
            case DIRECTORY_WRITTEN -> directoryWritten;
            case DIRECTORY_READ -> directoryRead;
        };
    }

    /// Bytes came from a link or a server. Runs on: the instance's loop.
    public void read(int bytes, boolean ipv6, long nowNanos) {
        read.add(bytes, nowNanos);
        if (ipv6) {
            ipv6Read.add(bytes, nowNanos);
        }
    }

    /// Bytes went to a link or a server. Runs on: the instance's loop.
    public void written(int bytes, boolean ipv6, long nowNanos) {
        written.add(bytes, nowNanos);
        if (ipv6) {
            ipv6Written.add(bytes, nowNanos);
        }
    }

    /// Bytes of a directory request came; as those of cells they were counted before. Runs on: the instance's loop.
    public void directoryRead(int bytes, long nowNanos) {
        directoryRead.add(bytes, nowNanos);
    }

    /// Bytes of an answer to one left. Runs on: the instance's loop.
    public void directoryWritten(int bytes, long nowNanos) {
        directoryWritten.add(bytes, nowNanos);
    }

    /// The third figure of the `bandwidth` line: the lesser of both directions' greatest ten-second averages.
    public long observedBytesPerSecond() {
        return Math.min(read.greatestWindow(), written.greatestWindow()) / OBSERVATION_SECONDS;
    }

    /// Bytes of both directions since the start.
    public Totals totals() {
        return new Totals(read.total(), written.total());
    }

    /// The finished days, oldest first, at most five.
    public Days days(HistoryKind kind, long nowNanos) {
        DirectionHistory direction = of(kind);
        return new Days(direction.periods(), direction.secondsSincePeriodEnd(nowNanos));
    }

    /// What a restart must not lose; null where nothing was ever counted. Runs on: the instance's loop.
    @Nullable
    Kept keep(HistoryKind kind, long nowNanos) {
        return of(kind).keep(nowNanos);
    }

    /// Goes on where that ended. Before the first byte is counted.
    void restore(HistoryKind kind, Kept kept, long nowNanos) {
        of(kind).restore(kept, nowNanos);
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

    /// @param read bytes that came from links and servers
    /// @param written bytes that went there
    public record Totals(long read, long written) {}

    /// @param bytes sums per day, oldest first
    /// @param secondsSinceEnd seconds since the newest day ended; meaningless while there is none
    public record Days(List<Long> bytes, long secondsSinceEnd) {}
}
