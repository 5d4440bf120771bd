package sallyport.engine.accounting;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One direction of a [BandwidthHistory]: a ring of ten seconds whose sum is watched, and per day the greatest sum and
/// the total. One writer; readers see the last finished second.
final class DirectionHistory {
    private final int reportAfterSeconds;
    private final long[] seconds = new long[BandwidthHistory.OBSERVATION_SECONDS];

    // Written by the owner alone.
    private boolean started;
    private long startNanos;
    private long second;
    private long windowBytes;
    private long periodBytes;

    // Published to readers.
    private volatile long totalBytes;
    private volatile long currentGreatest;
    private volatile long secondsIntoPeriod;
    private volatile long periodStartNanos;
    private volatile List<BandwidthHistory.Day> finished = List.of();

    DirectionHistory(int reportAfterSeconds) {
        this.reportAfterSeconds = reportAfterSeconds;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void add(int bytes, long nowNanos) {
        if (!started) {
            started = true;
            startNanos = nowNanos;
            periodStartNanos = nowNanos;
        }
        advanceTo(TimeUnit.NANOSECONDS.toSeconds(nowNanos - startNanos));
        seconds[(int) (second % seconds.length)] += bytes;
        windowBytes += bytes;
        periodBytes += bytes;
        totalBytes += bytes;
    }

    long total() {
        return totalBytes;
    }

    /// The most bytes within ten seconds that may be stated already.
    long greatestWindow() {
        long greatest = secondsIntoPeriod > reportAfterSeconds || reportAfterSeconds == 0 ? currentGreatest : 0;
        for (BandwidthHistory.Day day : finished) {
            greatest = Math.max(greatest, day.greatestWindow());
        }
        return greatest;
    }

    List<Long> periods() {
        return finished.stream().map(BandwidthHistory.Day::bytes).toList();
    }

    long secondsSincePeriodEnd(long nowNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nowNanos - periodStartNanos);
    }

    /// What a restart must not lose; null before the first byte.
    BandwidthHistory.@Nullable Kept keep(long nowNanos) {
        if (!started) {
            return null;
        }
        advanceTo(TimeUnit.NANOSECONDS.toSeconds(nowNanos - startNanos));
        List<BandwidthHistory.Day> days = new ArrayList<>(finished);
        days.add(new BandwidthHistory.Day(periodBytes, Math.max(currentGreatest, windowBytes)));
        return new BandwidthHistory.Kept(BandwidthHistory.PERIOD_SECONDS - secondsIntoPeriod, days);
    }

    /// Goes on where `kept` ended. Before the first byte only. What is older than all that is kept, or ends later than
    /// a day that has begun can, is left alone.
    void restore(BandwidthHistory.Kept kept, long nowNanos) {
        long into = BandwidthHistory.PERIOD_SECONDS - kept.secondsToEnd();
        if (into < 0 || into / BandwidthHistory.PERIOD_SECONDS > BandwidthHistory.PERIODS_KEPT) {
            return;
        }
        List<BandwidthHistory.Day> days = kept.days();
        started = true;
        startNanos = nowNanos - TimeUnit.SECONDS.toNanos(into);
        periodStartNanos = startNanos;
        int from = Math.max(0, days.size() - 1 - BandwidthHistory.PERIODS_KEPT);
        finished = List.copyOf(days.subList(from, days.size() - 1));
        periodBytes = days.getLast().bytes();
        currentGreatest = days.getLast().greatestWindow();
        advanceTo(into);
    }

    private void advanceTo(long target) {
        // A clock that stands still or steps back adds to the second we are in.
        while (second < target) {
            if (windowBytes == 0) {
                skipSilence(target);
                continue;
            }
            finishSecond();
        }
    }

    /// With an empty window nothing can change until the period ends: go there, or to the target, in one step.
    private void skipSilence(long target) {
        long periodEnd = (second / BandwidthHistory.PERIOD_SECONDS + 1) * BandwidthHistory.PERIOD_SECONDS;
        second = Math.min(target, periodEnd);
        onSecond();
    }

    private void finishSecond() {
        currentGreatest = Math.max(currentGreatest, windowBytes);
        second++;
        int slot = (int) (second % seconds.length);
        windowBytes -= seconds[slot];
        seconds[slot] = 0;
        onSecond();
    }

    private void onSecond() {
        secondsIntoPeriod = second % BandwidthHistory.PERIOD_SECONDS;
        if (secondsIntoPeriod == 0) {
            finishPeriod();
        }
    }

    private void finishPeriod() {
        List<BandwidthHistory.Day> next = new ArrayList<>(finished);
        next.add(new BandwidthHistory.Day(periodBytes, currentGreatest));
        if (next.size() > BandwidthHistory.PERIODS_KEPT) {
            next.removeFirst();
        }
        finished = List.copyOf(next);
        periodStartNanos = startNanos + TimeUnit.SECONDS.toNanos(second);
        periodBytes = 0;
        currentGreatest = 0;
    }
}
