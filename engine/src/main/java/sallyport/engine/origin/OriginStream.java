package sallyport.engine.origin;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.cell.XonBody;
import sallyport.engine.flow.StreamFlow;
import sallyport.engine.flow.StreamSignals;

/// One of the [ClientStreams], or one lookup. Runs on their loop.
final class OriginStream implements ClientStream {
    private final ClientStreams all;
    private final int id;
    private final boolean lookup;
    private final StreamFlow flow;
    private final Events events;
    private @Nullable Future<?> pause;
    private boolean connected;
    private boolean over;
    private boolean waiting;

    /// Whether it is in the line of streams that may send; belongs to [ClientStreams].
    boolean inLine;

    OriginStream(ClientStreams all, int id, boolean lookup, StreamFlow flow, Events events) {
        this.all = all;
        this.id = id;
        this.lookup = lookup;
        this.flow = flow;
        this.events = events;
    }

    @Override
    public int send(ByteBuf source) {
        int before = source.readableBytes();
        for (int cells = all.turnCells(); cells > 0 && source.isReadable() && maySend(); cells--) {
            flow.packaged(all.sendData(id, source));
        }
        waiting = source.isReadable() && !over;
        if (waiting && flow.mayPackage() && pause == null) {
            all.line(this);
        }
        return before - source.readableBytes();
    }

    @Override
    public void drained(int bytes) {
        if (!over && connected) {
            flow.written(bytes, events.owedBytes());
        }
    }

    @Override
    public void end(EndReason reason) {
        if (!over) {
            all.endStream(id, reason);
            abandon();
        }
    }

    @Override
    public boolean isOver() {
        return over;
    }

    int id() {
        return id;
    }

    boolean isLookup() {
        return lookup;
    }

    private boolean maySend() {
        if (over || lookup || pause != null || !flow.mayPackage() || !all.ready()) {
            return false;
        }
        long wait = flow.readWaitMicros();
        if (wait > 0) {
            pause = all.later(this::goOn, wait);
        }
        return wait == 0;
    }

    private void goOn() {
        pause = null;
        if (!over) {
            all.line(this);
        }
    }

    /// Its turn has come.
    void takeTurn() {
        if (!over && waiting) {
            waiting = false;
            events.writable();
        }
    }

    void onConnected() throws ProtocolViolation {
        if (connected || lookup) {
            throw ClientStreams.violation("CONNECTED out of place");
        }
        connected = true;
        flow.opened(events.owedBytes());
        events.connected();
    }

    /// The bytes are borrowed.
    void onData(byte[] array, int offset, int length) throws ProtocolViolation {
        if (!connected) {
            throw ClientStreams.violation("DATA before CONNECTED");
        }
        flow.dataReceived();
        events.data(array, offset, length);
        if (!over) {
            flow.queued(events.owedBytes(), true);
        }
    }

    void onSendme() throws ProtocolViolation {
        flow.sendmeReceived();
        all.line(this);
    }

    void onXoff() throws ProtocolViolation {
        signals().xoffReceived();
    }

    void onXon(byte[] array, int offset, int length) throws ProtocolViolation {
        try {
            signals().xonReceived(XonBody.decode(array, offset, length));
        } catch (Malformed e) {
            throw ClientStreams.violation("XON that cannot be read");
        }
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
        all.line(this);
    }

    /// Only of a lookup.
    void onResolved(ResolvedMessage answers) {
        abandon();
        events.resolved(answers);
    }

    void onEnd(EndReason reason) {
        abandon();
        events.ended(reason);
    }

    private StreamSignals signals() throws ProtocolViolation {
        if (flow instanceof StreamSignals signals) {
            return signals;
        }
        throw ClientStreams.violation("XON or XOFF without congestion control");
    }

    private void abandon() {
        over = true;
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
    }
}
