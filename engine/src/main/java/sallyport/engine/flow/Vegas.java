package sallyport.engine.flow;

/// The congestion window of a circuit toward its client: TOR_VEGAS (proposal 324, sections 3.3 and 4). It
/// compares the time that acknowledgements take with the least they ever took; what is longer, cells spent
/// in queues. In whole numbers throughout, as C tor computes, so that both decide alike. Counts cells, and
/// knows no clock.
final class Vegas {
    private final VegasParameters parameters;
    private final int increment;
    private final RoundTripTime roundTrip;

    // Seen by tests that replay C tor's vectors, which begin in the middle.
    long window;
    long inflight;
    boolean slowStart = true;

    private long bandwidthDelayProduct;
    private long untilUpdate;
    private long untilWholeWindow;
    private boolean full;
    private boolean blocked;

    /// @param increment cells that one SENDME acknowledges
    Vegas(VegasParameters parameters, int increment) {
        this.parameters = parameters;
        this.increment = increment;
        this.roundTrip = new RoundTripTime(parameters.minRttResetPercent());
        this.window = parameters.windowInit();
        this.untilUpdate = updateRate();
    }

    /// Whether one more DATA cell may be sent.
    boolean isOpen() {
        return inflight < window;
    }

    /// A DATA cell was sent.
    void sent() {
        inflight++;
    }

    /// A valid SENDME came.
    ///
    /// @param micros how long after the cell that it acknowledges
    /// @param queueBlocked whether the circuit's queue toward the client is so long that streams pause
    /// @param queuedCells of that queue
    void acknowledged(long micros, boolean queueBlocked, int queuedCells) {
        untilUpdate = Math.max(0, untilUpdate - 1);
        untilWholeWindow = Math.max(0, untilWholeWindow - 1);
        if (estimate(micros, queueBlocked, queuedCells)) {
            update();
            countOn();
        }
        window = Math.min(window, parameters.windowMax());
        inflight -= increment;
    }

    /// Takes the round trip into account. Only that: the first half of [#estimate].
    boolean measured(long micros) {
        return roundTrip.measured(micros, slowStart, averageOf(), window == parameters.windowMin());
    }

    long window() {
        return window;
    }

    long inflight() {
        return inflight;
    }

    boolean isInSlowStart() {
        return slowStart;
    }

    boolean isFull() {
        return full;
    }

    boolean isBlocked() {
        return blocked;
    }

    /// Acknowledgements until the window may change again.
    long untilUpdate() {
        return untilUpdate;
    }

    RoundTripTime roundTrip() {
        return roundTrip;
    }

    /// Acknowledgements between two updates; 0: every one updates.
    long updateRate() {
        int cells = parameters.stepsPerWindow() * increment;
        return slowStart ? 1 : (window + cells / 2) / cells;
    }

    /// False: there is nothing to base a decision on.
    private boolean estimate(long micros, boolean queueBlocked, int queuedCells) {
        boolean measured = measured(micros);
        if (roundTrip.averageMicros() == 0) {
            // The clock stood still ever since. The queue is all we know then, and only a blocked one tells
            // anything.
            blocked = queueBlocked;
            bandwidthDelayProduct = queueBlocked ? Math.max(window - queuedCells, parameters.windowMin()) : window;
            return queueBlocked;
        }
        bandwidthDelayProduct = window * roundTrip.leastMicros() / roundTrip.averageMicros();
        if (blocked != queueBlocked) {
            blocked = queueBlocked;
            untilUpdate = 0;
        }
        return queueBlocked || measured;
    }

    private void update() {
        long queue = Math.max(0, window - bandwidthDelayProduct);
        if (inflight + (long) parameters.fullGap() * increment >= window) {
            full = true;
        } else if (100 * inflight < parameters.fullMinPercent() * window) {
            full = false;
        }
        if (slowStart) {
            updateSlowStart(queue);
        } else if (untilUpdate == 0) {
            updateSteady(queue);
        }
    }

    private void updateSlowStart(long queue) {
        if (queue >= parameters.gamma() || blocked) {
            window = bandwidthDelayProduct + parameters.gamma();
            slowStart = false;
        } else if (full) {
            long step = slowStartStep();
            window += step;
            if (step * sendmesPerWindow() <= (long) parameters.step() * parameters.stepsPerWindow()) {
                slowStart = false;
            }
        }
        if (window >= parameters.slowStartMax()) {
            window = parameters.slowStartMax();
            slowStart = false;
        }
    }

    /// RFC 3742, "Limited Slow-Start".
    private long slowStartStep() {
        if (window <= parameters.slowStartCap()) {
            return ((long) parameters.slowStartPercent() * increment + 50) / 100;
        }
        return Math.max(1, ((long) increment * parameters.slowStartCap() + window) / (2 * window));
    }

    private void updateSteady(long queue) {
        if (queue > parameters.delta()) {
            window = bandwidthDelayProduct + parameters.delta() - parameters.step();
        } else if (queue > parameters.beta() || blocked) {
            window -= parameters.step();
        } else if (full && queue < parameters.alpha()) {
            window += parameters.step();
        }
        window = Math.max(window, parameters.windowMin());
    }

    private void countOn() {
        if (untilWholeWindow == 0) {
            untilWholeWindow = sendmesPerWindow();
        }
        if (untilUpdate == 0) {
            untilUpdate = updateRate();
        }
        boolean over =
                parameters.fullPerWindow() ? untilWholeWindow == sendmesPerWindow() : untilUpdate == updateRate();
        if (over) {
            full = false;
        }
    }

    private long sendmesPerWindow() {
        return (window + increment / 2) / increment;
    }

    private int averageOf() {
        long count = slowStart
                ? parameters.averageSlowStart()
                : Math.min(updateRate() * parameters.averagePercent() / 100, parameters.averageMax());
        return (int) Math.max(count, 2);
    }
}
