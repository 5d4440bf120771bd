package sallyport.engine.flow;

/// How long a cell of ours and its acknowledgement take on one circuit: the average, the least, and whether
/// the clock can be believed (proposal 324, sections 2.1 and 2.1.1). Times are in microseconds; 0: not
/// measured yet.
///
/// C tor keeps its doubt about the clock once per process. Here every circuit has its own, so that no
/// client's timing reaches another's.
final class RoundTripTime {
    // Specification: a change by more than this factor is no network any more, but a clock that jumped.
    private static final long DISCREPANCY_MAX = 5000;

    private final int minResetPercent;
    private long averageMicros;
    private long leastMicros;
    private boolean clockInDoubt;

    RoundTripTime(int minResetPercent) {
        this.minResetPercent = minResetPercent;
    }

    long averageMicros() {
        return averageMicros;
    }

    long leastMicros() {
        return leastMicros;
    }

    boolean clockInDoubt() {
        return clockInDoubt;
    }

    /// Takes a measurement into account.
    ///
    /// @param averageOf the number N of the N-count average
    /// @param windowAtMin the congestion window is as small as it may be
    /// @return false where the clock must have stalled or jumped: nothing changed
    boolean measured(long micros, boolean slowStart, int averageOf, boolean windowAtMin) {
        if (isImplausible(micros, slowStart)) {
            return false;
        }
        averageMicros = Ewma.next(micros, averageMicros, averageOf);
        if (leastMicros == 0) {
            leastMicros = averageMicros;
        } else if (windowAtMin && !slowStart) {
            // A least time that was too low by accident would hold the window down for good.
            leastMicros = mix(averageMicros, leastMicros);
        } else {
            leastMicros = Math.min(leastMicros, averageMicros);
        }
        return true;
    }

    /// Whether a time is not to be used. Remembers doubt and trust in the clock.
    boolean isImplausible(long micros, boolean slowStart) {
        if (micros <= 0) {
            clockInDoubt = true;
            return true;
        }
        if (slowStart || averageMicros == 0) {
            return false;
        }
        if (averageMicros > micros * DISCREPANCY_MAX) {
            return clockInDoubt;
        }
        if (micros > averageMicros * DISCREPANCY_MAX) {
            return true;
        }
        clockInDoubt = false;
        return false;
    }

    /// For tests that begin in the middle.
    void averageMicros(long micros) {
        averageMicros = micros;
    }

    private long mix(long a, long b) {
        return minResetPercent * Math.max(a, b) / 100 + (100 - minResetPercent) * Math.min(a, b) / 100;
    }
}
