package sallyport.engine.flow;

import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;

/// The two windows of one stream, in DATA cells (tor-spec "Stream-level flow control").
public final class StreamWindows implements StreamFlow {
    /// tor-spec: "Edge nodes use RELAY_SENDME cells to implement end-to-end flow control for individual
    /// connections across circuits", "starting with a window of 500".
    static final int START_CELLS = 500;
    /// One SENDME for that many cells.
    static final int INCREMENT_CELLS = 50;
    /// C tor calls an output full beyond ten cell payloads and asks for more below that.
    static final int DRAINED_BYTES = 10 * 509;

    private static final byte[] EMPTY = new byte[0];

    private final MessageSender sender;
    private final int id;
    private int packageCells = START_CELLS;
    private int deliverCells = START_CELLS;

    /// @param sender toward the other end
    public StreamWindows(MessageSender sender, int id) {
        this.sender = sender;
        this.id = id;
    }

    @Override
    public boolean mayPackage() {
        return packageCells > 0;
    }

    @Override
    public void packaged(int bytes) {
        packageCells--;
    }

    @Override
    public void sendmeReceived() throws ProtocolViolation {
        if (packageCells + INCREMENT_CELLS > START_CELLS) {
            throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "stream SENDME not due");
        }
        packageCells += INCREMENT_CELLS;
    }

    @Override
    public void dataReceived() throws ProtocolViolation {
        if (deliverCells == 0) {
            throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "DATA beyond the stream window");
        }
        deliverCells--;
    }

    /// C tor: "Don't send it if we still have data to deliver": no SENDME before CONNECTED, nor while the
    /// server does not take what it was sent.
    @Override
    public void queued(int owedBytes, boolean connected) {
        if (connected) {
            opened(owedBytes);
        }
    }

    @Override
    public void opened(int owedBytes) {
        while (owedBytes <= DRAINED_BYTES && deliverCells <= START_CELLS - INCREMENT_CELLS) {
            deliverCells += INCREMENT_CELLS;
            sender.send(id, RelayCommand.SENDME, EMPTY);
        }
    }

    @Override
    public void written(int bytes, int owedBytes) {
        opened(owedBytes);
    }

    @Override
    public long readWaitMicros() {
        return 0;
    }
}
