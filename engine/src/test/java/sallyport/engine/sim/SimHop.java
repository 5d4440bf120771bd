package sallyport.engine.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import sallyport.engine.relaycrypto.Tor1ClientLayer;

/// What a client keeps for one hop of a circuit: keys, and the windows of DATA cells both ways.
final class SimHop {
    private static final int FIXED_INCREMENT_CELLS = 100;

    final Tor1ClientLayer layer;
    /// DATA cells that we may still send there.
    int packageCells;
    /// Tags that the hop's next SENDMEs have to show.
    final Deque<byte[]> tags = new ArrayDeque<>();

    private final int negotiated;
    private long sendmeNanos;
    private int sent;
    private int received;

    /// @param negotiated cells per SENDME under congestion control; 0: without
    SimHop(Tor1ClientLayer layer, int negotiated, int packageCells) {
        this.layer = layer;
        this.negotiated = negotiated;
        this.packageCells = packageCells;
    }

    boolean hasCongestionControl() {
        return negotiated > 0;
    }

    /// Cells that one SENDME acknowledges.
    int increment() {
        return hasCongestionControl() ? negotiated : FIXED_INCREMENT_CELLS;
    }

    void dataSent() {
        packageCells--;
        if (++sent % increment() == 0) {
            tags.add(layer.forwardTag().clone());
        }
    }

    /// Whether that makes a SENDME due.
    boolean dataReceived() {
        return ++received % increment() == 0;
    }

    /// When the next SENDME leaves that was to leave at a time: never before one that is older.
    long sendmeAt(long nanos) {
        sendmeNanos = Math.max(sendmeNanos, nanos);
        return sendmeNanos;
    }
}
