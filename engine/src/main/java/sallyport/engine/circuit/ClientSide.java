package sallyport.engine.circuit;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.conflux.LegCircuit;
import sallyport.engine.flow.CongestionWindow;
import sallyport.engine.flow.DeliverWindow;
import sallyport.engine.flow.FixedWindow;
import sallyport.engine.flow.PackageWindow;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.flow.TagRandomness;
import sallyport.engine.flow.VegasParameters;
import sallyport.engine.limits.Shedding;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.relaycrypto.RelayLayer;
import sallyport.engine.stream.DirRequestHandler;
import sallyport.engine.stream.Streams;

/// The conversation of a circuit's client with us: windows in both directions, fixed ones or those of
/// congestion control, and the streams. Made with the first message that needs it; a circuit that only
/// passes cells on has none.
final class ClientSide implements LegCircuit {
    private static final int SENDME_VERSION_DEFAULT = 1;
    private static final int SENDME_VERSION_MAX = 255;
    private static final long NANOS_PER_MICRO = 1000;

    private final RelayCircuit circuit;
    private final ConfluxSide conflux;
    /// The circuit's own; from LINK on those of its set.
    private Streams streams;
    private final DeliverWindow deliverWindow;
    private final PackageWindow packageWindow;
    private final TagRandomness randomness;

    ClientSide(RelayCircuit circuit) {
        this.circuit = circuit;
        NetworkParameters voted = circuit.circuits().parameters();
        int increment = circuit.sendmeIncrement();
        StreamSignalParameters signals = null;
        if (increment > 0) {
            deliverWindow = new DeliverWindow(increment);
            packageWindow = new CongestionWindow(VegasParameters.ofExit(voted), increment);
            signals = StreamSignalParameters.of(voted);
        } else {
            deliverWindow = new DeliverWindow(DeliverWindow.FIXED_INCREMENT_CELLS);
            packageWindow = new FixedWindow(voted.get(
                    "circwindow",
                    FixedWindow.START_CELLS_MIN,
                    FixedWindow.START_CELLS_MAX,
                    FixedWindow.START_CELLS_MAX));
        }
        this.randomness = new TagRandomness(circuit.circuits().world().entropy(), circuit.format());
        this.streams = new Streams(
                circuit.circuits().streamContext(new PreviousLink(circuit.link()), directory(circuit)), this, signals);
        this.conflux = new ConfluxSide(circuit, this);
    }

    private static @Nullable DirRequestHandler directory(RelayCircuit circuit) {
        DirRequestHandler handler = circuit.circuits().settings().directory();
        return handler == null
                ? null
                : (client, events) -> circuit.messages().hasOnionDuty() ? null : handler.open(client, events);
    }

    Streams streams() {
        return streams;
    }

    /// The circuit became the leg of a set. It had no stream.
    void carry(Streams of) {
        streams = of;
    }

    /// A message for a stream. The bytes are borrowed.
    ///
    /// Every DATA cell counts, whatever its stream; the SENDME goes out before the data is looked at, while
    /// the tag is still that of this cell.
    void onMessage(int command, int streamId, byte[] array, int offset, int length) throws ProtocolViolation {
        if (command == RelayCommand.DATA && deliverWindow.dataArrived()) {
            sendSendme();
        }
        if (conflux.isOrdered(command, streamId)) {
            conflux.received(command, streamId, array, offset, length);
        } else {
            streams.onMessage(command, streamId, array, offset, length);
        }
    }

    /// One of the four messages of conflux. The bytes are borrowed.
    void onConflux(int command, byte[] array, int offset, int length) throws ProtocolViolation {
        conflux.onMessage(command, array, offset, length);
    }

    void onSendme(byte[] array, int offset, int length) throws ProtocolViolation {
        SendmeBody body = PackageWindow.read(array, offset, length, acceptedVersionMin());
        packageWindow.sendme(body, nowMicros(), circuit.isBackwardFull(), circuit.queuedBackward());
        if (packageWindow instanceof CongestionWindow window) {
            conflux.measured(window.roundTripMicros());
        }
        resume();
    }

    /// The queue or the window may have room again.
    void resume() {
        streams.resume();
    }

    void endStreamsThatMayNotLeave(ExitPolicy policy) {
        if (conflux.standsForStreams()) {
            streams.endThoseThatMayNotLeave(policy);
        }
    }

    /// Streams that end here; those of a set count for its first leg.
    int openStreams() {
        return conflux.standsForStreams() ? streams.open() : 0;
    }

    /// Whether anything ends here, on this circuit or another one of its set.
    boolean hasStreams() {
        return streams.open() > 0;
    }

    /// As what the circuit gives way when memory is short.
    Shedding shedAs() {
        return streams.shedAs();
    }

    /// When the oldest byte came that streams or a set hold, in ticker nanoseconds; null where they hold
    /// none.
    @Nullable
    Long oldestNanos() {
        return conflux.standsForStreams() ? RelayCircuit.earlier(streams.oldestNanos(), conflux.oldestNanos()) : null;
    }

    /// Memory is short: what the streams hold goes at once, and with it the other legs of a set.
    void drop() {
        streams.dropAll();
        conflux.drop();
    }

    /// The circuit has ended.
    void close() {
        if (conflux.left()) {
            streams.closeAll();
        }
    }

    @Override
    public void endCircuit(DestroyReason reason) {
        circuit.close(reason);
    }

    @Override
    public boolean awaitsSendme() {
        return packageWindow instanceof CongestionWindow window && window.awaitsSendme();
    }

    @Override
    public boolean ready() {
        return !circuit.isClosed() && packageWindow.isOpen() && !circuit.isBackwardFull();
    }

    @Override
    public int sendData(int streamId, ByteBuf source) {
        @Nullable RelayLayer layer = circuit.layer();
        if (layer == null) {
            return 0;
        }
        int length = randomness.take(source.readableBytes());
        Cell cell = circuit.newCell(CellCommand.RELAY);
        RelayCellFormat format = layer.format();
        format.header(cell, RelayCommand.DATA, streamId, length);
        source.readBytes(cell.array(), Cell.BODY + format.dataAt(RelayCommand.DATA), length);
        circuit.originate(cell, length);
        if (packageWindow.dataSent()) {
            packageWindow.await(layer.backwardTag(), nowMicros());
        }
        return length;
    }

    @Override
    public void send(int streamId, int relayCommand, byte[] body) {
        circuit.send(streamId, relayCommand, body);
    }

    private void sendSendme() {
        RelayLayer layer = circuit.layer();
        if (layer == null) {
            return;
        }
        byte[] body = emittedVersion() == 1 ? new SendmeBody(1, layer.forwardTag()).encode() : new byte[0];
        circuit.send(0, RelayCommand.SENDME, body);
    }

    private int emittedVersion() {
        return circuit.circuits()
                .parameters()
                .get("sendme_emit_min_version", 0, SENDME_VERSION_MAX, SENDME_VERSION_DEFAULT);
    }

    /// Circuits of CREATE_FAST may use version 0. Under congestion control we refuse it where clients are
    /// asked to send version 1, though C tor does not: who acknowledges what it never read could open the
    /// window at will.
    private int acceptedVersionMin() {
        if (circuit.isFast()) {
            return 0;
        }
        int accepted = circuit.circuits().parameters().get("sendme_accept_min_version", 0, SENDME_VERSION_MAX, 0);
        boolean congestionControl = circuit.sendmeIncrement() > 0;
        return congestionControl ? Math.max(accepted, Math.min(emittedVersion(), SENDME_VERSION_DEFAULT)) : accepted;
    }

    long nowMicros() {
        return circuit.circuits().world().ticker().nanoTime() / NANOS_PER_MICRO;
    }
}
