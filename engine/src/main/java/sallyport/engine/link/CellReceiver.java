package sallyport.engine.link;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.DestroyReason;

/// One circuit's ear on one link. Every method runs on the link's loop.
public interface CellReceiver {
    /// Takes a RELAY, RELAY_EARLY, CREATED, CREATED_FAST or CREATED2 cell. Whether the command makes sense
    /// on this side of the circuit is for the receiver to judge.
    void onCell(Cell cell);

    /// The circuit is over on this link: the peer sent DESTROY. The port is already detached.
    ///
    /// @param reasonCode the byte of the DESTROY cell, which may be no [sallyport.engine.cell.DestroyReason]
    void onDestroy(int reasonCode);

    /// The port's queue passed its limit; the peer has been told. The port is already detached. Who has nobody
    /// else to tell takes it as the peer's own DESTROY.
    default void onQueueOverflow() {
        onDestroy(DestroyReason.RESOURCELIMIT.code());
    }

    /// The link closed. The port is already detached.
    void onLinkClosed();

    /// The queue of this port fell to its low mark and [CircuitPort#isFull] no more. Runs while the link
    /// writes; more cells may be sent from here.
    void onQueueLow();
}
