package sallyport.engine.circuit;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.flow.CongestionWindow;
import sallyport.engine.flow.DeliverWindow;
import sallyport.engine.flow.FixedWindow;
import sallyport.engine.flow.PackageWindow;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.flow.TagRandomness;
import sallyport.engine.flow.TowardClient;
import sallyport.engine.flow.VegasParameters;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.relaycrypto.RelayLayer;
import sallyport.engine.stream.DirRequestHandler;
import sallyport.engine.stream.StreamContext;
import sallyport.engine.stream.Streams;

/// The conversation of a circuit's client with us: windows in both directions, fixed ones or those of
/// congestion control, and the streams. Made with the first message that needs it; a circuit that only
/// passes cells on has none.
final class ClientSide implements TowardClient {
    private static final int SENDME_VERSION_DEFAULT = 1;
    private static final int SENDME_VERSION_MAX = 255;
    private static final long NANOS_PER_MICRO = 1000;

    private final RelayCircuit circuit;
    private final Streams streams;
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
        this.streams = new Streams(context(circuit), this, signals);
    }

    private static StreamContext context(RelayCircuit circuit) {
        Circuits circuits = circuit.circuits();
        CircuitSettings settings = circuits.settings();
        PeerIdentity peer = circuit.link().peer();
        return new StreamContext(
                circuits.world(),
                circuits.loop(),
                settings.exit(),
                settings.resolver().share(),
                settings.dialer(),
                settings.relays(),
                settings.parameters(),
                settings.faults(),
                settings.limits().memory(),
                circuit.link().isClient(),
                peer == null ? null : peer.rsaDigest(),
                circuit.link().peerAddress(),
                directory(circuit, settings.directory()));
    }

    private static @Nullable DirRequestHandler directory(RelayCircuit circuit, @Nullable DirRequestHandler handler) {
        return handler == null
                ? null
                : (client, events) -> circuit.messages().hasOnionDuty() ? null : handler.open(client, events);
    }

    Streams streams() {
        return streams;
    }

    /// Every DATA cell counts, whatever its stream; the SENDME goes out before the data is looked at, while
    /// the tag is still that of this cell.
    void onData(int streamId, byte[] array, int offset, int length) throws ProtocolViolation {
        if (deliverWindow.dataArrived()) {
            sendSendme();
        }
        streams.onMessage(RelayCommand.DATA, streamId, array, offset, length);
    }

    void onSendme(byte[] array, int offset, int length) throws ProtocolViolation {
        SendmeBody body = PackageWindow.read(array, offset, length, acceptedVersionMin());
        packageWindow.sendme(body, nowMicros(), circuit.isBackwardFull(), circuit.queuedBackward());
        resume();
    }

    /// The queue or the window may have room again.
    void resume() {
        if (ready()) {
            streams.resume();
        }
    }

    /// Memory is short: what the streams hold goes at once.
    void drop() {
        streams.dropAll();
    }

    void close() {
        streams.closeAll();
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

    private long nowMicros() {
        return circuit.circuits().world().ticker().nanoTime() / NANOS_PER_MICRO;
    }
}
