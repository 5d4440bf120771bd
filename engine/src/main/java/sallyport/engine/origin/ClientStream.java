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

/// The client's end of one stream, or of one lookup at the exit (tor-spec "Application connections and
/// stream management"). Runs on the circuit's loop, its events too.
///
/// *Sending* is by turns: [#send] packages what the windows allow and leaves the rest in the caller's
/// buffer; where something was left, [Events#writable] says when to go on. So the caller holds at most
/// what it has read itself, and should read no more meanwhile.
///
/// *Receiving* is immediate: [Events#data] brings what came. Who cannot pass it on at once says so by
/// [Events#owedBytes] and reports by [#drained] what it passed on later; the exit is held back meanwhile,
/// by SENDMEs that are not sent or by XOFF.
public final class ClientStream {
    /// What happens to a stream. All of it on the circuit's loop.
    public interface Events {
        /// The server accepted. Data may also be sent before.
        default void connected() {}

        /// Bytes of the server; borrowed for the call.
        void data(byte[] array, int offset, int length);

        /// Bytes that [#data] brought and that wait to be passed on. Who keeps none need not care.
        default int owedBytes() {
            return 0;
        }

        /// Something was left by [ClientStream#send], and more may be sent now.
        default void writable() {}

        /// The answers to a lookup; the stream is over.
        default void resolved(ResolvedMessage answers) {}

        /// The stream is over, whoever did it, except by [ClientStream#end] and after [#resolved].
        ///
        /// @param reason the exit's; DONE: the server closed its connection and all it sent has come;
        ///     DESTROY: the circuit is over
        void ended(EndReason reason);
    }

    private final ClientCircuit circuit;
    private final int id;
    private final boolean lookup;
    private final StreamFlow flow;
    private final Events events;
    private @Nullable Future<?> pause;
    private boolean connected;
    private boolean over;
    private boolean waiting;

    /// Whether [ClientCircuit] has it in its line of streams that may send; belongs to [ClientCircuit].
    boolean inLine;

    ClientStream(ClientCircuit circuit, int id, boolean lookup, StreamFlow flow, Events events) {
        this.circuit = circuit;
        this.id = id;
        this.lookup = lookup;
        this.flow = flow;
        this.events = events;
    }

    /// Sends what the windows allow of `source`, which it reads; the buffer stays the caller's. Where
    /// bytes are left, [Events#writable] follows, unless the stream ends.
    ///
    /// @return bytes taken
    public int send(ByteBuf source) {
        int before = source.readableBytes();
        for (int cells = circuit.turnCells(); cells > 0 && source.isReadable() && maySend(); cells--) {
            flow.packaged(circuit.sendData(id, source));
        }
        waiting = source.isReadable() && !over;
        if (waiting && flow.mayPackage() && pause == null) {
            circuit.line(this);
        }
        return before - source.readableBytes();
    }

    /// Bytes that [Events#data] brought were passed on; [Events#owedBytes] no longer counts them.
    public void drained(int bytes) {
        if (!over && connected) {
            flow.written(bytes, events.owedBytes());
        }
    }

    /// Ends it: the exit closes its connection, after what was sent. Nothing more is heard of it.
    public void end(EndReason reason) {
        if (!over) {
            circuit.endStream(id, reason);
            abandon();
        }
    }

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
        if (over || lookup || pause != null || !flow.mayPackage() || !circuit.ready()) {
            return false;
        }
        long wait = flow.readWaitMicros();
        if (wait > 0) {
            pause = circuit.later(this::goOn, wait);
        }
        return wait == 0;
    }

    private void goOn() {
        pause = null;
        if (!over) {
            circuit.line(this);
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
            throw ClientCircuit.violation("CONNECTED out of place");
        }
        connected = true;
        flow.opened(events.owedBytes());
        events.connected();
    }

    /// The bytes are borrowed.
    void onData(byte[] array, int offset, int length) throws ProtocolViolation {
        if (!connected) {
            throw ClientCircuit.violation("DATA before CONNECTED");
        }
        flow.dataReceived();
        events.data(array, offset, length);
        if (!over) {
            flow.queued(events.owedBytes(), true);
        }
    }

    void onSendme() throws ProtocolViolation {
        flow.sendmeReceived();
        circuit.line(this);
    }

    void onXoff() throws ProtocolViolation {
        signals().xoffReceived();
    }

    void onXon(byte[] array, int offset, int length) throws ProtocolViolation {
        try {
            signals().xonReceived(XonBody.decode(array, offset, length));
        } catch (Malformed e) {
            throw ClientCircuit.violation("XON that cannot be read");
        }
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
        circuit.line(this);
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
        throw ClientCircuit.violation("XON or XOFF without congestion control");
    }

    private void abandon() {
        over = true;
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
    }
}
