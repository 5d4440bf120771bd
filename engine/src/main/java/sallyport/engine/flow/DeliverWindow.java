package sallyport.engine.flow;

import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;

/// What a client may still send before we acknowledge (tor-spec "Circuit-level flow control").
public final class DeliverWindow {
    /// Specification: 1000 cells, whatever the consensus says of the other direction.
    public static final int START_CELLS = 1000;
    /// Specification: one SENDME for 100 cells, where no congestion control was negotiated.
    public static final int FIXED_INCREMENT_CELLS = 100;

    private final int increment;
    private int cells = START_CELLS;

    /// @param increment cells that one SENDME of ours acknowledges
    public DeliverWindow(int increment) {
        this.increment = increment;
    }

    /// A DATA cell came, for whatever stream. Call before anything else is done with it.
    ///
    /// @return whether a SENDME with the tag of exactly this cell is due now
    /// @throws ProtocolViolation when the client sent more than it may
    public boolean dataArrived() throws ProtocolViolation {
        if (--cells < 0) {
            throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "DATA beyond the circuit window");
        }
        if (cells > START_CELLS - increment) {
            return false;
        }
        cells += increment;
        return true;
    }
}
