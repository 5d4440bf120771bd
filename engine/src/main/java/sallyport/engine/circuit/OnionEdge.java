package sallyport.engine.circuit;

import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.onionservice.DutyCircuit;

/// A circuit of ours as its duty for an onion service sees it.
final class OnionEdge implements DutyCircuit {
    private final RelayCircuit circuit;

    OnionEdge(RelayCircuit circuit) {
        this.circuit = circuit;
    }

    @Override
    public boolean hasNextHop() {
        return circuit.messages().nextPort() != null;
    }

    @Override
    public boolean isFromClient() {
        return circuit.link().isClient();
    }

    @Override
    public byte[] nonce() {
        return circuit.nonce();
    }

    @Override
    public void send(int relayCommand, byte[] body) {
        circuit.send(0, relayCommand, body);
    }

    /// tor-spec "Handling relay_early cells" knows none toward a client, so what came as one goes on as RELAY.
    @Override
    public @Nullable CircuitPort sealJoined(Cell cell) {
        cell.command(CellCommand.RELAY);
        return circuit.sealBackward(cell);
    }

    @Override
    public void close(DestroyReason reason) {
        circuit.close(reason);
    }

    @Override
    public void fault(ProtocolViolation violation) {
        circuit.fault(violation);
    }

    @Override
    public void ownBug(Throwable bug) {
        circuit.ownBug(bug);
    }
}
