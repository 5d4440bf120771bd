package sallyport.engine.stream;

import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;

/// The two windows of one stream, in DATA cells (tor-spec "Stream-level flow control").
final class StreamWindows {
    /// tor-spec: "Edge nodes use RELAY_SENDME cells to implement end-to-end flow control for individual connections
    /// across circuits", "starting with a window of 500".
    static final int START_CELLS = 500;
    /// One SENDME for that many cells.
    static final int INCREMENT_CELLS = 50;

    private int packageCells = START_CELLS;
    private int deliverCells = START_CELLS;

    /// Cells that may still be packaged toward the client.
    int packageCells() {
        return packageCells;
    }

    void packaged() {
        packageCells--;
    }

    /// The client took 50 cells.
    ///
    /// @throws ProtocolViolation of the circuit where it cannot have had as many
    void sendmeReceived() throws ProtocolViolation {
        if (packageCells + INCREMENT_CELLS > START_CELLS) {
            throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "stream SENDME not due");
        }
        packageCells += INCREMENT_CELLS;
    }

    /// @throws ProtocolViolation of the circuit where the client sends beyond its window
    void dataReceived() throws ProtocolViolation {
        if (deliverCells == 0) {
            throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "DATA beyond the stream window");
        }
        deliverCells--;
    }

    /// Whether a SENDME is due; the caller then sends it.
    boolean takeDueSendme() {
        if (deliverCells > START_CELLS - INCREMENT_CELLS) {
            return false;
        }
        deliverCells += INCREMENT_CELLS;
        return true;
    }
}
