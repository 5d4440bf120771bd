package sallyport.engine.origin;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.ConfluxSwitchBody;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.conflux.ConfluxSet;
import sallyport.engine.conflux.Leg;

/// What one circuit of a client's set and its exit say of conflux (proposal 329, section 3.1): LINK once
/// every hop has answered, LINKED_ACK for its LINKED; then SWITCH, and messages that have a place in the
/// order of the set.
final class ClientLeg {
    private final ClientCircuit circuit;
    private final ClientSet set;
    private long linkSentMicros;
    private @Nullable Leg leg;

    ClientLeg(ClientCircuit circuit, ClientSet set) {
        this.circuit = circuit;
        this.set = set;
    }

    static boolean isConflux(int relayCommand) {
        return switch (relayCommand) {
            case RelayCommand.CONFLUX_LINK,
                    RelayCommand.CONFLUX_LINKED,
                    RelayCommand.CONFLUX_LINKED_ACK,
                    RelayCommand.CONFLUX_SWITCH -> true;
            default -> false;
        };
    }

    ClientSet set() {
        return set;
    }

    /// Asks the exit to take the circuit into the set.
    void begin(long nowMicros) {
        linkSentMicros = nowMicros;
        circuit.send(0, RelayCommand.CONFLUX_LINK, set.link().encode());
    }

    /// One of the four messages of conflux. The bytes are borrowed.
    ///
    /// @return whether the circuit became a leg by it
    boolean onMessage(int command, byte[] array, int offset, int length, long nowMicros) throws ProtocolViolation {
        switch (command) {
            case RelayCommand.CONFLUX_LINKED -> {
                onLinked(array, offset, length, nowMicros);
                return leg != null;
            }
            case RelayCommand.CONFLUX_SWITCH -> onSwitch(array, offset, length);
            default -> throw ClientStreams.violation("LINK or LINKED_ACK toward a client");
        }
        return false;
    }

    private void onLinked(byte[] array, int offset, int length, long nowMicros) throws ProtocolViolation {
        if (leg != null) {
            throw ClientStreams.violation("LINKED on a circuit that is linked");
        }
        ConfluxLinkBody body;
        try {
            body = ConfluxLinkBody.decode(array, offset, length);
        } catch (Malformed e) {
            throw ClientStreams.violation("LINKED that cannot be read");
        }
        // An exit that knows another set of ours must not be able to say that it is of the same client.
        if (!Arrays.equals(body.nonce(), set.nonce())) {
            throw ClientStreams.violation("LINKED of another set");
        }
        if (set.isOver()) {
            circuit.end();
            return;
        }
        Leg linked = set.set().link(circuit, body, linkSentMicros);
        set.set().acknowledged(linked, nowMicros);
        leg = linked;
        set.joined(circuit);
        circuit.send(0, RelayCommand.CONFLUX_LINKED_ACK, new byte[0]);
    }

    private void onSwitch(byte[] array, int offset, int length) throws ProtocolViolation {
        try {
            set.set().switched(linked(), ConfluxSwitchBody.decode(array, offset, length));
        } catch (Malformed e) {
            throw ClientStreams.violation("SWITCH that cannot be read");
        }
    }

    /// A message of a stream. The bytes are borrowed.
    void received(int command, int streamId, byte[] array, int offset, int length) throws ProtocolViolation {
        Leg from = linked();
        if (streamId == 0) {
            throw ClientStreams.violation("a message to no stream of ours");
        }
        if (ConfluxSet.isNumbered(command)) {
            set.set().received(from, command, streamId, array, offset, length, set.ordered());
        } else {
            set.streams().onMessage(command, streamId, array, offset, length);
        }
    }

    /// A SENDME measured the round trip; 0: it could not.
    void measured(long roundTripMicros) {
        if (leg != null) {
            set.set().measured(leg, roundTripMicros);
        }
    }

    /// The circuit has ended.
    void left() {
        if (leg != null) {
            set.left(circuit, leg);
        }
    }

    private Leg linked() throws ProtocolViolation {
        if (leg == null) {
            throw ClientStreams.violation("a message of a set on a circuit that is not linked");
        }
        return leg;
    }
}
