package sallyport.lab.hostile;

import static sallyport.engine.cell.CellCommand.CREATE2;
import static sallyport.engine.cell.CellCommand.CREATED2;

import java.io.EOFException;
import java.io.IOException;
import sallyport.engine.cell.RelayCommand;

/// A circuit of ours through the subject to a relay of ours: we see and say whatever passes on either side.
///
/// @param circuit the client's end; the subject is its only hop
/// @param next the link that the subject dialed
/// @param nextId the circuit's id there
record ExtendedCircuit(ClientCircuit circuit, CellWire next, long nextId) {
    /// What stands in place of an onion skin; only its ends would look at it.
    static final byte[] SKIN = new byte[84];

    private static final byte[] REPLY = new byte[64];

    /// A circuit whose CREATE2 has arrived at the next hop, which has not answered.
    static ExtendedCircuit pending(Bench bench) throws IOException {
        return pending(bench, bench.fastCircuit());
    }

    /// The same for a circuit of one hop that is there already.
    static ExtendedCircuit pending(Bench bench, ClientCircuit circuit) throws IOException {
        FakeRelay fake = bench.nextHop();
        circuit.send(
                RelayOut.of(RelayCommand.EXTEND2, 0, Extend2.to(fake.facts()).skin(Ntor.TYPE, SKIN))
                        .early());
        CellWire wire = bench.closeLater(fake.accept());
        WireCell create = FakeRelay.next(wire);
        if (create.command() != CREATE2) {
            throw new IOException("instead of CREATE2 came " + ClientLink.text(create));
        }
        return new ExtendedCircuit(circuit, wire, create.circuit());
    }

    /// A circuit that reaches the next hop.
    static ExtendedCircuit open(Bench bench) throws IOException {
        return open(bench, bench.fastCircuit());
    }

    /// The same for a circuit of one hop that is there already.
    static ExtendedCircuit open(Bench bench, ClientCircuit circuit) throws IOException {
        ExtendedCircuit extended = pending(bench, circuit);
        extended.created();
        extended.circuit.awaitMessage(RelayCommand.EXTENDED2);
        return extended;
    }

    /// The next hop says CREATED2.
    void created() throws IOException {
        answer(CREATED2, ClientCircuit.created2(REPLY));
    }

    /// The next hop sends a cell of this circuit.
    void answer(int command, byte[] body) throws IOException {
        next.send(nextId, command, body);
    }

    /// How the circuit ends at the next hop, whatever was relayed before.
    String endAtNextHop() throws IOException {
        String seen;
        do {
            seen = atNextHop();
        } while (seen.startsWith("RELAY"));
        return seen;
    }

    /// What the next hop gets next, as the rows write it.
    String atNextHop() throws IOException {
        try {
            return ClientLink.text(FakeRelay.next(next));
        } catch (EOFException e) {
            return "closed";
        }
    }
}
