package sallyport.engine.onionservice;

import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.link.CircuitPort;

/// A circuit that ends at us, as its duty for an onion service sees it. Runs on: the instance's loop. Once it is
/// closed, nothing that it is told has an effect.
public interface DutyCircuit {
    /// Whether a link to a next hop stands: then it is nobody's edge.
    boolean hasNextHop();

    /// Whether who made it reached us directly, without a relay between.
    boolean isFromClient();

    /// KH of its handshake, 20 bytes; shared. Only while the circuit is open.
    byte[] nonce();

    /// Sends a message of ours toward who made the circuit.
    void send(int relayCommand, byte[] body);

    /// Makes a relay cell of the circuit joined with this one a cell of this circuit, with our layer on it. It is still
    /// the caller's, who sends it through the port that is returned; null: there is none.
    @Nullable
    CircuitPort sealJoined(Cell cell);

    /// Ends it, and what is joined with it.
    void close(DestroyReason reason);

    /// A peer's fault that was found out of turn.
    void fault(ProtocolViolation violation);

    /// A bug of ours: counted, and ends the circuit.
    void ownBug(Throwable bug);
}
