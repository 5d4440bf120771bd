package sallyport.engine.flow;

import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;

/// What a client may still send before we acknowledge (tor-spec "Circuit-level flow control").
public final class DeliverWindow {
    /// Specification: 1000 cells, whatever the consensus says of the other direction.
    public static final int START_CELLS = 1000;
    /// Specification: one SENDME for 100 cells.
    public static final int INCREMENT_CELLS = 100;

    private int cells = START_CELLS;

    /// A DATA cell came, for whatever stream. Call before anything else is done with it.
    ///
    /// @return whether a SENDME with the tag of exactly this cell is due now
    /// @throws ProtocolViolation when the client sent more than it may
    public boolean dataArrived() throws ProtocolViolation {
        if (--cells < 0) {
            throw ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, "DATA beyond the circuit window");
        }
        if (cells > START_CELLS - INCREMENT_CELLS) {
            return false;
        }
        cells += INCREMENT_CELLS;
        return true;
    }
}
