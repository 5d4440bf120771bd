package sallyport.engine.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import sallyport.engine.relaycrypto.Tor1ClientLayer;

/// What a client keeps for one hop of a circuit: keys, and the windows of DATA cells both ways.
final class SimHop {
    static final int INCREMENT_CELLS = 100;

    final SimRelay relay;
    final Tor1ClientLayer layer;
    /// DATA cells that we may still send there.
    int packageCells;
    /// Tags that the hop's next SENDMEs have to show.
    final Deque<byte[]> tags = new ArrayDeque<>();

    private long sendmeNanos;
    private int sent;
    private int received;

    SimHop(SimRelay relay, Tor1ClientLayer layer, int packageCells) {
        this.relay = relay;
        this.layer = layer;
        this.packageCells = packageCells;
    }

    void dataSent() {
        packageCells--;
        if (++sent % INCREMENT_CELLS == 0) {
            tags.add(layer.forwardTag().clone());
        }
    }

    /// Whether that makes a SENDME due.
    boolean dataReceived() {
        return ++received % INCREMENT_CELLS == 0;
    }

    /// When the next SENDME leaves that was to leave at a time: never before one that is older.
    long sendmeAt(long nanos) {
        sendmeNanos = Math.max(sendmeNanos, nanos);
        return sendmeNanos;
    }
}
