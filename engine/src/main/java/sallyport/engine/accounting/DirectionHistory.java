package sallyport.engine.accounting;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One direction of a [BandwidthHistory]: a ring of ten seconds whose sum is watched, and per day the greatest sum and
/// the total. One writer; readers see the last finished second.
final class DirectionHistory {
    /// A finished day.
    private record Period(long bytes, long greatestWindow) {}

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
    private volatile List<Period> finished = List.of();

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
        for (Period period : finished) {
            greatest = Math.max(greatest, period.greatestWindow());
        }
        return greatest;
    }

    List<Long> periods() {
        return finished.stream().map(Period::bytes).toList();
    }

    long secondsSincePeriodEnd(long nowNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nowNanos - periodStartNanos);
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
        List<Period> next = new ArrayList<>(finished);
        next.add(new Period(periodBytes, currentGreatest));
        if (next.size() > BandwidthHistory.PERIODS_KEPT) {
            next.removeFirst();
        }
        finished = List.copyOf(next);
        periodStartNanos = startNanos + TimeUnit.SECONDS.toNanos(second);
        periodBytes = 0;
        currentGreatest = 0;
    }
}
