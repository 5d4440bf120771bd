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
import sallyport.engine.flow.DeliverWindow;
import sallyport.engine.flow.PackageWindow;
import sallyport.engine.flow.TagRandomness;
import sallyport.engine.flow.TowardClient;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.relaycrypto.RelayLayer;
import sallyport.engine.stream.StreamContext;
import sallyport.engine.stream.Streams;

/// The conversation of a circuit's client with us: windows in both directions, and the streams. Made with the first
/// message that needs it; a circuit that only passes cells on has none.
final class ClientSide implements TowardClient {
    private static final int SENDME_VERSION_DEFAULT = 1;

    private final RelayCircuit circuit;
    private final Streams streams;
    private final DeliverWindow deliverWindow = new DeliverWindow();
    private final PackageWindow packageWindow;
    private final TagRandomness randomness;

    ClientSide(RelayCircuit circuit) {
        this.circuit = circuit;
        this.packageWindow = new PackageWindow(circuit.circuits()
                .parameters()
                .get(
                        "circwindow",
                        PackageWindow.START_CELLS_MIN,
                        PackageWindow.START_CELLS_MAX,
                        PackageWindow.START_CELLS_MAX));
        this.randomness = new TagRandomness(circuit.circuits().world().entropy());
        this.streams = new Streams(context(circuit), this);
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
                circuit.link().isClient(),
                peer == null ? null : peer.rsaDigest(),
                settings.directory());
    }

    Streams streams() {
        return streams;
    }

    /// Every DATA cell counts, whatever its stream; the SENDME goes out before the data is looked at, while the tag is
    /// still that of this cell.
    void onData(int streamId, byte[] array, int offset, int length) throws ProtocolViolation {
        if (deliverWindow.dataArrived()) {
            sendSendme();
        }
        streams.onMessage(RelayCommand.DATA, streamId, array, offset, length);
    }

    void onSendme(byte[] array, int offset, int length) throws ProtocolViolation {
        NetworkParameters parameters = circuit.circuits().parameters();
        int versionMin = parameters.get("sendme_accept_min_version", 0, 255, 0);
        packageWindow.sendme(array, offset, length, versionMin, circuit.isFast());
        resume();
    }

    /// The queue or the window may have room again.
    void resume() {
        if (ready()) {
            streams.resume();
        }
    }

    void close() {
        streams.closeAll();
    }

    @Override
    public boolean ready() {
        return !circuit.isClosed() && packageWindow.isOpen() && circuit.queuedBackward() < CircuitPort.QUEUE_HIGH_CELLS;
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
        packageWindow.dataSent(layer.backwardTag());
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
        int version = circuit.circuits().parameters().get("sendme_emit_min_version", 0, 255, SENDME_VERSION_DEFAULT);
        byte[] body = version == 1 ? new SendmeBody(1, layer.forwardTag()).encode() : new byte[0];
        circuit.send(0, RelayCommand.SENDME, body);
    }
}
