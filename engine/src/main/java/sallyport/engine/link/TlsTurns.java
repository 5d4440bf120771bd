package sallyport.engine.link;

import java.util.ArrayDeque;

/// How many TLS handshakes one turn of the loop begins to compute: each costs about a millisecond, which all cells of
/// the loop wait for. The others stand in line and go on in the turns that follow, oldest first.
final class TlsTurns {
    // Ours: some 4 ms in a turn, so that a flood of connections delays a cell by no more than that.
    static final int PER_TURN_MAX = 4;
    // Ours: about a second of work. Whoever comes later would wait longer than its patience is likely to last.
    static final int WAITING_MAX = 1024;

    private final Links links;
    private final ArrayDeque<TlsGate> waiting = new ArrayDeque<>();
    private final Runnable turnEnd = this::onTurnEnd;
    private final Runnable goOn = this::goOn;
    private int begun;
    private boolean endAwaited;

    TlsTurns(Links links) {
        this.links = links;
    }

    /// Whether a handshake may begin in this turn. If not, wait.
    boolean mayBegin() {
        return waiting.isEmpty() && begin();
    }

    /// Stands in line; [TlsGate#open] follows. False when the line is full.
    boolean await(TlsGate gate) {
        if (waiting.size() >= WAITING_MAX) {
            return false;
        }
        waiting.addLast(gate);
        awaitTurnEnd();
        return true;
    }

    int waiting() {
        return waiting.size();
    }

    private boolean begin() {
        if (begun >= PER_TURN_MAX) {
            return false;
        }
        begun++;
        awaitTurnEnd();
        return true;
    }

    private void awaitTurnEnd() {
        if (!endAwaited) {
            endAwaited = true;
            links.world().loops().afterTurn(links.loop(), turnEnd);
        }
    }

    /// What runs here still belongs to the turn; what is given to the loop runs in the next one, after its reads.
    private void onTurnEnd() {
        endAwaited = false;
        begun = 0;
        if (!waiting.isEmpty()) {
            links.loop().execute(goOn);
        }
    }

    private void goOn() {
        while (!waiting.isEmpty() && begin()) {
            waiting.removeFirst().open();
        }
        if (!waiting.isEmpty()) {
            awaitTurnEnd();
        }
    }
}
