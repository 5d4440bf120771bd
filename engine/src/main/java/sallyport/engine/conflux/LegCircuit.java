package sallyport.engine.conflux;

import sallyport.engine.cell.DestroyReason;
import sallyport.engine.flow.TowardClient;

/// A circuit as its set sees it. `ready` and `sendData` are about this circuit's own windows and queue.
/// Implemented by `circuit`.
public interface LegCircuit extends TowardClient {
    /// Whether so much DATA is under way on it that the client owes a SENDME.
    boolean awaitsSendme();

    /// Ends the circuit; it tells its set by [ConfluxSet#left] before this returns.
    void endCircuit(DestroyReason reason);
}
