package sallyport.engine.conflux;

import sallyport.engine.cell.DestroyReason;
import sallyport.engine.flow.StreamCarrier;

/// A circuit as its set sees it. `ready` and `sendData` are about this circuit's own windows and queue.
/// Implemented by `circuit` and, at the client, by `origin`.
public interface LegCircuit extends StreamCarrier {
    /// Whether so much DATA is under way on it that the other end owes a SENDME.
    boolean awaitsSendme();

    /// Ends the circuit; it tells its set by [ConfluxSet#left] before this returns.
    void endCircuit(DestroyReason reason);
}
