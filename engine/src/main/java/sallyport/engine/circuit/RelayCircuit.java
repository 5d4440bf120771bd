package sallyport.engine.circuit;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.CellWaits;
import sallyport.engine.accounting.Tally;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.limits.Shedding;
import sallyport.engine.link.CellReceiver;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.link.Link;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.onionskin.HandshakeAnswer;
import sallyport.engine.onionskin.OnionSkins;
import sallyport.engine.relaycrypto.CgoLayer;
import sallyport.engine.relaycrypto.RelayLayer;
import sallyport.engine.relaycrypto.Tor1Layer;

/// A circuit through us. It begins at a CREATE cell, may get a next hop, may have streams of its own, and
/// is closed exactly once. Runs on: the loop of its previous hop's link. As a [CellReceiver] it is the
/// ear toward that hop.
final class RelayCircuit implements CellReceiver {
    // Specification: tor-spec "Handling relay_early cells".
    private static final int RELAY_EARLY_CELLS_MAX = 8;

    private final Circuits circuits;
    private final Link link;
    private final boolean fast;
    private final long openedNanos;
    private final CircuitMessages messages = new CircuitMessages(this);
    private @Nullable CircuitPort previous;
    private @Nullable OnionSkinWait onionSkin;
    private @Nullable RelayLayer layer;
    private byte[] nonce = {};
    private int relayEarlyCells;
    private int sendmeIncrement;
    private boolean closed;

    private RelayCircuit(Circuits circuits, Link link, boolean fast) {
        this.circuits = circuits;
        this.link = link;
        this.fast = fast;
        this.openedNanos = circuits.world().ticker().nanoTime();
    }

    /// Null when the id is taken or the link not open.
    static @Nullable RelayCircuit attach(Circuits circuits, Link link, int circuitId, boolean fast) {
        RelayCircuit circuit = new RelayCircuit(circuits, link, fast);
        circuit.previous = link.attach(circuitId, circuit);
        return circuit.previous == null ? null : circuit;
    }

    /// Ends the circuit on both sides, for `reason`, and its streams.
    void close(DestroyReason reason) {
        if (closed) {
            return;
        }
        closed = true;
        tellWaits();
        circuits.forget(this);
        if (onionSkin != null) {
            onionSkin.cancel();
        }
        if (previous != null) {
            previous.destroy(reason);
        }
        messages.close(reason);
        layer = null;
    }

    /// Memory is short, and this circuit's data waits for longest: it goes with all that it holds.
    void closeForMemory() {
        messages.drop();
        close(DestroyReason.RESOURCELIMIT);
    }

    /// How long cells waited in its queues, to whoever counts that; from here on they are counted anew.
    void tellWaits() {
        CellWaits statistics = circuits.settings().statistics().cells();
        if (statistics != null) {
            long nanos = waitedNanos(previous) + waitedNanos(messages.nextPort());
            long cells = takeWaitedCells(previous) + takeWaitedCells(messages.nextPort());
            long now = circuits.world().ticker().nanoTime();
            statistics.add(cells, TimeUnit.NANOSECONDS.toMillis(nanos), openedNanos, now);
        }
    }

    private static long waitedNanos(@Nullable CircuitPort port) {
        return port == null ? 0 : port.waitedNanos();
    }

    private static long takeWaitedCells(@Nullable CircuitPort port) {
        if (port == null) {
            return 0;
        }
        long cells = port.waitedCells();
        port.forgetWaits();
        return cells;
    }

    /// When the oldest cell or byte came that waits anywhere in this circuit, in ticker nanoseconds; null
    /// where none does.
    @Nullable
    Long oldestNanos() {
        Long oldest = earlier(oldestCell(previous), oldestCell(messages.nextPort()));
        return earlier(oldest, messages.oldestStreamNanos());
    }

    /// Whether nobody would miss it: it is there, nothing waits in it or is asked for, and no stream ends here.
    boolean isSpare() {
        return layer != null && oldestNanos() == null && messages.isSpare();
    }

    /// When a cell last went through it, in ticker nanoseconds; what a client says to us alone does not count.
    long lastUsedNanos() {
        long toward = later(openedNanos, previous);
        return later(toward, messages.nextPort());
    }

    private static long later(long nanos, @Nullable CircuitPort port) {
        return port != null && port.newestNanos() - nanos > 0 ? port.newestNanos() : nanos;
    }

    /// As what it gives way when memory is short.
    Shedding shedAs() {
        return messages.shedAs();
    }

    /// Streams that end here.
    int openStreams() {
        return messages.openStreams();
    }

    void endStreamsThatMayNotLeave(ExitPolicy policy) {
        try {
            messages.endStreamsThatMayNotLeave(policy);
        } catch (RuntimeException bug) {
            ownBug(bug);
        }
    }

    private static @Nullable Long oldestCell(@Nullable CircuitPort port) {
        return port == null || port.queuedCells() == 0 ? null : port.oldestQueuedNanos();
    }

    static @Nullable Long earlier(@Nullable Long a, @Nullable Long b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a - b < 0 ? a : b;
    }

    // Creating

    void answerFast(HandshakeAnswer answer) {
        tally(Tally.SKIN_FAST);
        Cell cell = newCell(CellCommand.CREATED_FAST);
        cell.putBytes(0, answer.reply(), 0, answer.reply().length);
        cell.zeroFrom(answer.reply().length);
        opened(answer, cell);
    }

    /// Whom the workers answer.
    OnionSkinWait awaitOnionSkin(OnionSkins onionSkins, int handshakeType) {
        boolean v3 = handshakeType == Create2Body.NTOR_V3;
        onionSkin = new OnionSkinWait(
                this,
                onionSkins,
                v3 ? Tally.SKIN_NTOR_V3 : Tally.SKIN_NTOR,
                v3 ? Tally.SKIN_NTOR_V3_DROPPED : Tally.SKIN_NTOR_DROPPED);
        return onionSkin;
    }

    void answerCreate2(HandshakeAnswer answer) {
        onionSkin = null;
        Cell cell = newCell(CellCommand.CREATED2);
        cell.put16(0, answer.reply().length);
        cell.putBytes(2, answer.reply(), 0, answer.reply().length);
        cell.zeroFrom(2 + answer.reply().length);
        opened(answer, cell);
    }

    private void opened(HandshakeAnswer answer, Cell created) {
        byte[] keys = answer.secrets().keys();
        layer = answer.counterGalois() ? new CgoLayer(keys) : new Tor1Layer(keys);
        sendmeIncrement = answer.sendmeIncrement();
        nonce = answer.secrets().nonce().clone();
        answer.secrets().destroy();
        sendBackward(created);
        circuits.settings().reachability().onCreateAnswered(link);
    }

    // From the previous hop

    @Override
    public void onCell(Cell cell) {
        CircuitPort to = null;
        try {
            to = closed ? null : forward(cell);
        } catch (ProtocolViolation violation) {
            fault(violation);
        } catch (RuntimeException bug) {
            ownBug(bug);
        }
        if (to != null) {
            to.send(cell);
        } else {
            cell.release();
        }
    }

    /// tor-spec "Tearing down circuits": what the peer gave as reason is not passed on.
    @Override
    public void onDestroy(int reasonCode) {
        tally(Tally.DESTROY_RECEIVED);
        close(DestroyReason.DESTROYED);
    }

    @Override
    public void onQueueOverflow() {
        close(DestroyReason.RESOURCELIMIT);
    }

    @Override
    public void onLinkClosed() {
        close(DestroyReason.CHANNEL_CLOSED);
    }

    @Override
    public void onQueueLow() {
        try {
            messages.resume();
        } catch (RuntimeException bug) {
            ownBug(bug);
        }
    }

    /// The cell is still the caller's: it goes to the port that is returned, or back to its pool.
    private @Nullable CircuitPort forward(Cell cell) throws ProtocolViolation {
        boolean early = cell.command() == CellCommand.RELAY_EARLY;
        if (!early && cell.command() != CellCommand.RELAY) {
            throw violation("CREATED from the previous hop");
        }
        if (layer == null) {
            throw violation("RELAY on a circuit that is not yet created");
        }
        if (early && ++relayEarlyCells > RELAY_EARLY_CELLS_MAX) {
            throw violation("too many RELAY_EARLY");
        }
        notePadding(early);
        if (!layer.forward(cell)) {
            CircuitPort to = messages.portFor(cell);
            if (to == null) {
                // tor-spec "Routing relay cells": an unrecognized cell at the end of the circuit is an error.
                throw violation("unrecognized RELAY at the end of the circuit");
            }
            return to;
        }
        RelayCellFormat format = layer.format();
        if (!format.isReadable(cell)) {
            throw violation("RELAY that cannot be read");
        }
        int command = format.command(cell);
        int at = Cell.BODY + format.dataAt(command);
        messages.deliver(command, format.streamId(cell), cell.array(), at, format.length(cell), early);
        return null;
    }

    /// Links that carry circuits of more than one hop are padded: those whose previous hop is a relay,
    /// and those that have a next one.
    private void notePadding(boolean early) {
        if (!link.isClient() || messages.nextPort() != null) {
            link.onCircuitCell(early);
        }
    }

    // Toward the client

    /// A message of ours that is not DATA. `body`: as much as the circuit's format carries, borrowed.
    void send(int streamId, int relayCommand, byte[] body) {
        if (layer == null) {
            return;
        }
        Cell cell = newCell(CellCommand.RELAY);
        layer.format().header(cell, relayCommand, streamId, body.length);
        cell.putBytes(layer.format().dataAt(relayCommand), body, 0, body.length);
        originate(cell, body.length);
    }

    /// Takes a cell with header and data; pads, seals and sends it.
    void originate(Cell cell, int dataLength) {
        if (layer == null) {
            cell.release();
            return;
        }
        RelayCellFormat format = layer.format();
        int command = format.command(cell);
        int end = format.dataAt(command) + dataLength;
        int randomFrom = Math.min(end + RelayCellFormat.PADDING_GAP, Cell.BODY_LENGTH);
        java.util.Arrays.fill(cell.array(), Cell.BODY + end, Cell.BODY + randomFrom, (byte) 0);
        circuits.world().entropy().padding(cell.array(), Cell.BODY + randomFrom, Cell.BODY_LENGTH - randomFrom);
        layer.originate(cell);
        sendBackward(cell);
        if (command != RelayCommand.DROP) {
            messages.sentBackward();
        }
    }

    /// Takes a cell of the next hop, and adds our layer.
    void relayBackward(Cell cell) {
        CircuitPort to = sealBackward(cell);
        if (to == null) {
            cell.release();
        } else {
            to.send(cell);
        }
    }

    /// Adds our layer to a cell of the next hop or of a joined circuit, which goes through the port that
    /// is returned; null: the circuit has closed. It stays the caller's.
    @Nullable
    CircuitPort sealBackward(Cell cell) {
        if (layer == null) {
            return null;
        }
        layer.backward(cell);
        notePadding(false);
        messages.sentBackward();
        return previous;
    }

    /// Cells that wait to leave toward the client.
    int queuedBackward() {
        return previous == null ? 0 : previous.queuedCells();
    }

    /// Whether streams must pause until [#onQueueLow].
    boolean isBackwardFull() {
        return previous != null && previous.isFull();
    }

    /// A fresh cell of that link command, which the caller holds.
    Cell newCell(int linkCommand) {
        Cell cell = circuits.pool().acquire();
        cell.command(linkCommand);
        return cell;
    }

    private void sendBackward(Cell cell) {
        if (previous == null) {
            cell.release();
        } else {
            previous.send(cell);
        }
    }

    // Faults

    void fault(ProtocolViolation violation) {
        tally(Tally.CIRCUIT_VIOLATION);
        count(violation.what());
        boolean ours = violation.scope() == ProtocolViolation.Scope.CIRCUIT;
        close(ours ? reason(violation.reasonCode()) : DestroyReason.TORPROTOCOL);
    }

    void ownBug(Throwable bug) {
        circuits.bugs().note(bug);
        close(DestroyReason.INTERNAL);
    }

    void count(String what) {
        circuits.settings().faults().count(what);
    }

    void tally(Tally what) {
        circuits.settings().faults().tallies().count(what);
    }

    static DestroyReason reason(int code) {
        DestroyReason[] all = DestroyReason.values();
        return code >= 0 && code < all.length ? all[code] : DestroyReason.NONE;
    }

    static ProtocolViolation violation(String what) {
        return ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, what);
    }

    CircuitMessages messages() {
        return messages;
    }

    Circuits circuits() {
        return circuits;
    }

    Link link() {
        return link;
    }

    /// Null before the circuit is created and after it was closed.
    @Nullable
    RelayLayer layer() {
        return layer;
    }

    /// How messages lie in its cells. Only between its creation and its end.
    RelayCellFormat format() {
        if (layer == null) {
            throw new IllegalStateException("a circuit without a layer");
        }
        return layer.format();
    }

    /// Whether it was made with CREATE_FAST.
    boolean isFast() {
        return fast;
    }

    /// KH of its handshake, 20 bytes, shared; empty before the circuit is created.
    byte[] nonce() {
        return nonce;
    }

    /// Cells one SENDME stands for, 1 to 254, where congestion control was negotiated; 0: fixed windows.
    /// Settled before the first relay cell.
    int sendmeIncrement() {
        return sendmeIncrement;
    }

    boolean isClosed() {
        return closed;
    }
}
