package sallyport.engine.circuit;

import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.Tally;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.link.CellReceiver;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.link.DialResult;
import sallyport.engine.link.DialTarget;
import sallyport.engine.link.Link;

/// One extension of a circuit: a link is looked for, CREATE2 goes out, CREATED2 comes back, cells pass.
/// A TRUNCATE ends it and leaves the circuit; whatever else ends it ends the circuit too.
final class NextHop implements CellReceiver, DialResult {
    private final RelayCircuit circuit;
    private final Create2Body create;
    private @Nullable CircuitPort port;
    private boolean created;
    private boolean ended;

    NextHop(RelayCircuit circuit, Create2Body create) {
        this.circuit = circuit;
        this.create = create;
    }

    void dial(DialTarget target) {
        circuit.circuits().dial(target, this);
    }

    /// Where forward cells go; null while there is no link.
    @Nullable
    CircuitPort port() {
        return port;
    }

    /// Whether the next hop has answered.
    boolean isCreated() {
        return created;
    }

    /// Nothing of this hop reaches the circuit any more. The hop is told, if there is one.
    void close(DestroyReason reason) {
        ended = true;
        if (port != null) {
            port.destroy(reason);
        }
    }

    @Override
    public boolean isWanted() {
        return !ended;
    }

    @Override
    public void opened(Link link) {
        if (ended) {
            return;
        }
        try {
            port = link.open(this);
            if (port == null) {
                circuit.close(link.isClosed() ? DestroyReason.CHANNEL_CLOSED : DestroyReason.RESOURCELIMIT);
                return;
            }
            Cell cell = circuit.newCell(CellCommand.CREATE2);
            Writer body = new Writer(Cell.BODY_LENGTH);
            create.write(body);
            cell.putBytes(0, body.toBytes(), 0, body.size());
            cell.zeroFrom(body.size());
            port.send(cell);
        } catch (RuntimeException bug) {
            circuit.ownBug(bug);
        }
    }

    @Override
    public void failed(DestroyReason reason) {
        if (!ended) {
            circuit.close(reason);
        }
    }

    @Override
    public void onCell(Cell cell) {
        try {
            if (!ended && cell.command() == CellCommand.RELAY) {
                circuit.relayBackward(cell);
                return;
            }
            if (!ended) {
                onCreated(cell);
            }
        } catch (ProtocolViolation violation) {
            circuit.fault(violation);
        } catch (RuntimeException bug) {
            circuit.ownBug(bug);
        }
        cell.release();
    }

    private void onCreated(Cell cell) throws ProtocolViolation {
        if (cell.command() == CellCommand.RELAY_EARLY) {
            throw RelayCircuit.violation("RELAY_EARLY from the next hop");
        }
        int length = cell.u16(0);
        // What fits EXTENDED2 behind the length.
        int lengthMax = circuit.format().dataMax(RelayCommand.EXTENDED2) - 2;
        if (cell.command() != CellCommand.CREATED2 || length > lengthMax) {
            throw RelayCircuit.violation("CREATED that fits no EXTENDED2");
        }
        if (created) {
            throw RelayCircuit.violation("CREATED2 twice");
        }
        created = true;
        byte[] body = new byte[2 + length];
        System.arraycopy(cell.array(), Cell.BODY, body, 0, body.length);
        circuit.send(0, RelayCommand.EXTENDED2, body);
    }

    /// C tor: a DESTROY of the next hop ends the whole circuit, and its reason is not passed on.
    @Override
    public void onDestroy(int reasonCode) {
        circuit.tally(Tally.DESTROY_RECEIVED);
        if (!ended) {
            circuit.close(DestroyReason.DESTROYED);
        }
    }

    @Override
    public void onQueueOverflow() {
        if (!ended) {
            circuit.link().onNextHopOverflow();
            circuit.close(DestroyReason.RESOURCELIMIT);
        }
    }

    @Override
    public void onLinkClosed() {
        if (!ended) {
            circuit.close(DestroyReason.CHANNEL_CLOSED);
        }
    }

    /// Nobody of ours sends toward the next hop: what does is the client, whom its windows hold back.
    @Override
    public void onQueueLow() {}
}
