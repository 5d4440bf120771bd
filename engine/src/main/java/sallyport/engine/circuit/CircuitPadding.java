package sallyport.engine.circuit;

import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.PaddingNegotiateBody;
import sallyport.engine.cell.PaddingNegotiatedBody;
import sallyport.engine.cell.RelayCommand;

/// The padding machine of one circuit (padding-spec "Circuit-level padding"), from the first request of its client on.
/// There is room for one at a time. Runs on the circuit's loop, and dies with the circuit by [#close].
final class CircuitPadding {
    /// Counts are halved here, as C tor does, so that what was long ago counts less.
    private static final int COUNT_MAX = 0xffff;
    /// Padding's share of the machine's cells, in percent, once the free ones are sent.
    private static final int SHARE_MAX_PERCENT = 1;
    /// Of a machine's counter; 0, which means any, is left out when it begins anew.
    private static final long COUNTER_MAX = 0xffff_ffffL;

    private static final byte[] NOTHING = {};

    private enum State {
        /// The answer to the client has not left.
        STARTED,
        PADDING,
        /// It is through, and only its client can remove it.
        ENDED
    }

    private final RelayCircuit circuit;
    private final PaddingLimits limits;
    private @Nullable PaddingMachine machine;
    private State state = State.ENDED;
    private long counter;
    private int cellsLeft;
    private int paddingSent;
    private int othersSent;

    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos;
    private long dueNanos;

    CircuitPadding(RelayCircuit circuit, PaddingLimits limits) {
        this.circuit = circuit;
        this.limits = limits;
    }

    /// Obeys a PADDING_NEGOTIATE. What cannot be read is dropped, and so is a STOP of a machine that is not there.
    void onNegotiate(byte[] array, int offset, int length) {
        PaddingNegotiateBody asked;
        try {
            asked = PaddingNegotiateBody.decode(array, offset, length);
        } catch (Malformed e) {
            circuit.count("PADDING_NEGOTIATE that cannot be read");
            return;
        }
        if (asked.start()) {
            start(asked);
        } else {
            stop(asked);
        }
    }

    /// A relay cell that is no padding went toward the client, ours or passed on.
    void onOtherSent() {
        if (machine == null) {
            return;
        }
        if (++othersSent == COUNT_MAX) {
            halveCounts();
        }
        if (state == State.STARTED) {
            state = State.PADDING;
            cellsLeft = machine.cellsMin() + draw(machine.cellsMax() - machine.cellsMin() + 1);
            waitForSilence();
        } else if (state == State.PADDING && machine.followsTraffic()) {
            waitForSilence();
        }
    }

    void close() {
        remove();
    }

    /// C tor says OK and does nothing where a machine is there already, and so do we.
    private void start(PaddingNegotiateBody asked) {
        PaddingMachine wanted = PaddingMachine.of(asked.machine());
        if (wanted != null && machine == null) {
            machine = wanted;
            counter = counter % COUNTER_MAX + 1;
            state = State.STARTED;
            paddingSent = 0;
            othersSent = 0;
        }
        if (wanted == null) {
            circuit.count("PADDING_NEGOTIATE for an unknown machine");
        }
        answer(new PaddingNegotiatedBody(true, wanted != null, asked.machine(), asked.counter()));
    }

    private void stop(PaddingNegotiateBody asked) {
        if (machine == null
                || machine.number() != asked.machine()
                || (asked.counter() != 0 && asked.counter() != counter)) {
            circuit.count("PADDING_NEGOTIATE that stops nothing");
            return;
        }
        remove();
        answer(new PaddingNegotiatedBody(false, true, asked.machine(), asked.counter()));
    }

    /// The time until the next cell of padding begins now, if there may be one.
    private void waitForSilence() {
        if (machine == null || limits.isReached() || isShareReached(machine)) {
            return;
        }
        int micros = machine.delayMinMicros() + draw(machine.delayEndMicros() - machine.delayMinMicros());
        dueNanos = nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
        // A timer that comes too early looks again; so traffic seldom costs a new one.
        if (timer == null || timerNanos - dueNanos > 0) {
            arm();
        }
    }

    private boolean isShareReached(PaddingMachine running) {
        return paddingSent >= running.freeCells() && PaddingLimits.isMore(paddingSent, othersSent, SHARE_MAX_PERCENT);
    }

    private void arm() {
        cancel();
        timerNanos = dueNanos;
        timer = circuit.circuits().loop().schedule(this::onTimer, dueNanos - nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        timer = null;
        try {
            if (dueNanos - nanoTime() > 0) {
                arm();
            } else {
                pad();
            }
        } catch (RuntimeException bug) {
            circuit.ownBug(bug);
        }
    }

    private void pad() {
        cellsLeft--;
        limits.paddingSent();
        if (++paddingSent == COUNT_MAX) {
            halveCounts();
        }
        if (circuit.queuedBackward() <= limits.queuedCellsMax()) {
            circuit.send(0, RelayCommand.DROP, NOTHING);
            circuit.circuits().settings().statistics().padding().dropWritten();
        } else {
            circuit.count("padding that would have joined a long queue");
        }
        if (cellsLeft == 0) {
            end();
        } else {
            waitForSilence();
        }
    }

    private void end() {
        state = State.ENDED;
        // The circuit may have ended with this very cell, and the machine with it.
        if (machine != null && machine.followsTraffic()) {
            int number = machine.number();
            remove();
            answer(new PaddingNegotiatedBody(false, true, number, counter));
        }
    }

    private void remove() {
        machine = null;
        cancel();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void halveCounts() {
        paddingSent /= 2;
        othersSent /= 2;
    }

    private void answer(PaddingNegotiatedBody body) {
        circuit.send(0, RelayCommand.PADDING_NEGOTIATED, body.encode());
    }

    private int draw(int bound) {
        return (int) circuit.circuits().world().entropy().jitter(bound);
    }

    private long nanoTime() {
        return circuit.circuits().world().ticker().nanoTime();
    }
}
