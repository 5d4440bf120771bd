package sallyport.engine.circuit;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.ConfluxSwitchBody;
import sallyport.engine.cell.DesiredUx;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.conflux.ConfluxParameters;
import sallyport.engine.conflux.ConfluxSet;
import sallyport.engine.conflux.Leg;

/// What a client says of conflux on one circuit: links it to a set, and speaks for it there from then on
/// (proposal 329, the exit's side). A LINK is answered at once and the circuit is a leg from that moment,
/// since BEGIN may overtake LINKED_ACK on another leg.
final class ConfluxSide {
    private final RelayCircuit circuit;
    private final ClientSide side;
    private final PreviousLink previous;
    private @Nullable LinkedStreams linked;
    private @Nullable Leg leg;

    ConfluxSide(RelayCircuit circuit, ClientSide side) {
        this.circuit = circuit;
        this.side = side;
        this.previous = new PreviousLink(circuit.link());
    }

    /// LINK, LINKED, LINKED_ACK or SWITCH. The bytes are borrowed.
    ///
    /// @throws ProtocolViolation of the circuit for whatever C tor refuses
    void onMessage(int command, byte[] array, int offset, int length) throws ProtocolViolation {
        if (circuit.sendmeIncrement() == 0
                || !ConfluxParameters.of(circuit.circuits().parameters()).enabled()) {
            throw RelayCircuit.violation("conflux where it is not to be had");
        }
        requireEnd();
        switch (command) {
            case RelayCommand.CONFLUX_LINK -> link(array, offset, length);
            case RelayCommand.CONFLUX_LINKED_ACK -> set().acknowledged(leg(), side.nowMicros());
            case RelayCommand.CONFLUX_SWITCH -> onSwitch(array, offset, length);
            default -> throw RelayCircuit.violation("LINKED from a client");
        }
        side.resume();
    }

    private void link(byte[] array, int offset, int length) throws ProtocolViolation {
        if (leg != null) {
            throw RelayCircuit.violation("LINK on a circuit that is linked");
        }
        // C tor's TROVE-2026-025: a stream that was there before would belong to nobody afterwards.
        if (side.streams().open() > 0) {
            throw RelayCircuit.violation("LINK on a circuit with streams");
        }
        ConfluxLinkBody body;
        try {
            body = ConfluxLinkBody.decode(array, offset, length);
        } catch (Malformed e) {
            throw RelayCircuit.violation("LINK that cannot be read");
        }
        Circuits circuits = circuit.circuits();
        ByteBuffer nonce = ByteBuffer.wrap(body.nonce());
        LinkedStreams known = circuits.linked().get(nonce);
        LinkedStreams to = known == null ? new LinkedStreams(nonce, circuits, previous) : known;
        // As C tor's exits: for the latency that the client sees.
        byte[] answer = to.set().state(body.nonce(), DesiredUx.MIN_LATENCY).encode();
        leg = to.set().link(side, body, side.nowMicros());
        linked = to;
        circuits.linked().add(to);
        side.carry(to.streams());
        circuit.send(0, RelayCommand.CONFLUX_LINKED, answer);
    }

    /// C tor takes one that is too short for one by nothing.
    private void onSwitch(byte[] array, int offset, int length) throws ProtocolViolation {
        ConfluxSet set = set();
        try {
            set.switched(leg(), ConfluxSwitchBody.decode(array, offset, length));
        } catch (Malformed e) {
            circuit.count("SWITCH that cannot be read");
        }
    }

    /// Whether the message has its place in the order of a set. Where C tor drops a message at once, for
    /// want of a stream id, it has none.
    boolean isOrdered(int command, int streamId) {
        boolean hasPlace = streamId != 0
                || command == RelayCommand.DATA
                || command == RelayCommand.XOFF
                || command == RelayCommand.XON;
        return leg != null && hasPlace && ConfluxSet.isNumbered(command);
    }

    /// A message of which [#isOrdered] is true. The bytes are borrowed.
    ///
    /// @throws ProtocolViolation of the circuit
    void received(int command, int streamId, byte[] array, int offset, int length) throws ProtocolViolation {
        requireEnd();
        if (linked != null) {
            linked.received(leg(), previous, command, streamId, array, offset, length);
        }
    }

    /// A SENDME measured the round trip; 0: it could not.
    void measured(long roundTripMicros) {
        if (linked != null && leg != null) {
            linked.set().measured(leg, roundTripMicros);
        }
    }

    /// Whether the circuit speaks for its streams where they are to be counted once: they are its own, or
    /// it is the first leg of its set.
    boolean standsForStreams() {
        return linked == null || leg == null || linked.set().isFirst(leg);
    }

    /// When the oldest message came that waits for one before it; null where none does.
    @Nullable
    Long oldestNanos() {
        return linked == null ? null : linked.set().oldestNanos();
    }

    /// Memory is short: all legs end.
    void drop() {
        if (linked != null && leg != null) {
            linked.set().drop(leg);
        }
    }

    /// The circuit has ended.
    ///
    /// @return whether its streams end with it
    boolean left() {
        if (linked == null || leg == null) {
            return true;
        }
        boolean over = linked.set().left(leg);
        if (over) {
            circuit.circuits().linked().forget(linked);
        }
        return over;
    }

    private void requireEnd() throws ProtocolViolation {
        if (circuit.messages().nextPort() != null) {
            throw RelayCircuit.violation("conflux on a circuit with a next hop");
        }
    }

    private ConfluxSet set() throws ProtocolViolation {
        if (linked == null) {
            throw RelayCircuit.violation("conflux message on a circuit that is not linked");
        }
        return linked.set();
    }

    private Leg leg() {
        if (leg == null) {
            throw new IllegalStateException("linked, and no leg");
        }
        return leg;
    }
}
