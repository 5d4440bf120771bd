package sallyport.engine.circuit;

import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.Tally;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.limits.Shedding;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.link.DialTarget;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.onionservice.OnionDuty;

/// What a client's messages to us do to its circuit: they give it a next hop and take it away, have it
/// padded, or concern the windows and streams that it has with us.
final class CircuitMessages {
    private final RelayCircuit circuit;
    private @Nullable NextHop next;
    private @Nullable ClientSide clientSide;
    private @Nullable OnionDuty duty;
    private @Nullable CircuitPadding padding;

    CircuitMessages(RelayCircuit circuit) {
        this.circuit = circuit;
    }

    /// What one message of the client does. `array` is borrowed.
    ///
    /// @param early whether it came in RELAY_EARLY
    void deliver(int command, int streamId, byte[] array, int at, int length, boolean early) throws ProtocolViolation {
        switch (command) {
            case RelayCommand.EXTEND, RelayCommand.EXTEND2 -> {
                if (mayExtend(streamId, early)) {
                    extend(command, new Reader(array, at, length));
                }
            }
            case RelayCommand.TRUNCATE -> truncate(length == 0 ? -1 : array[at] & 0xff);
            case RelayCommand.SENDME -> {
                if (streamId == 0) {
                    clientSide().onSendme(array, at, length);
                } else {
                    clientSide().onMessage(command, streamId, array, at, length);
                }
            }
            case RelayCommand.DATA,
                    RelayCommand.BEGIN,
                    RelayCommand.BEGIN_DIR,
                    RelayCommand.CONNECTED,
                    RelayCommand.END,
                    RelayCommand.RESOLVED,
                    RelayCommand.XOFF,
                    RelayCommand.XON -> clientSide().onMessage(command, streamId, array, at, length);
            case RelayCommand.RESOLVE -> {
                if (hasOnionDuty()) {
                    circuit.count("RESOLVE on a circuit of an onion service");
                } else {
                    clientSide().onMessage(command, streamId, array, at, length);
                }
            }
            case RelayCommand.ESTABLISH_INTRO,
                    RelayCommand.ESTABLISH_RENDEZVOUS,
                    RelayCommand.INTRODUCE1,
                    RelayCommand.INTRODUCE2,
                    RelayCommand.RENDEZVOUS1,
                    RelayCommand.RENDEZVOUS2,
                    RelayCommand.INTRO_ESTABLISHED,
                    RelayCommand.RENDEZVOUS_ESTABLISHED,
                    RelayCommand.INTRODUCE_ACK -> onionDuty().onMessage(command, array, at, length);
            case RelayCommand.CONFLUX_LINK,
                    RelayCommand.CONFLUX_LINKED,
                    RelayCommand.CONFLUX_LINKED_ACK,
                    RelayCommand.CONFLUX_SWITCH -> clientSide().onConflux(command, array, at, length);
            case RelayCommand.DROP -> {
                circuit.tally(Tally.DROP_RECEIVED);
                circuit.circuits().settings().statistics().padding().dropRead();
            }
            case RelayCommand.PADDING_NEGOTIATE -> padding().onNegotiate(array, at, length);
            case RelayCommand.EXTENDED,
                    RelayCommand.EXTENDED2,
                    RelayCommand.TRUNCATED,
                    RelayCommand.PADDING_NEGOTIATED -> circuit.count("answer of a relay from a client");
            default -> circuit.count("relay command that is not served");
        }
    }

    /// What breaks these two rules is dropped without harm to the circuit, as C tor does.
    private boolean mayExtend(int streamId, boolean early) {
        if (streamId != 0) {
            circuit.count("EXTEND with a stream id");
            return false;
        }
        if (!early && circuit.circuits().parameters().get("AllowNonearlyExtend", 0, 1, 0) == 0) {
            circuit.count("EXTEND outside RELAY_EARLY");
            return false;
        }
        return true;
    }

    private void extend(int command, Reader body) throws ProtocolViolation {
        if (next != null) {
            throw RelayCircuit.violation("EXTEND on a circuit that is extended");
        }
        if (command == RelayCommand.EXTEND) {
            throw RelayCircuit.violation("EXTEND with a TAP handshake");
        }
        Extend2Body extend;
        try {
            extend = Extend2Body.decode(body);
        } catch (Malformed e) {
            throw RelayCircuit.violation("EXTEND2 that cannot be read");
        }
        DialTarget target = ExtendRules.target(
                extend, circuit.circuits().settings(), circuit.link().peer());
        next = new NextHop(circuit, extend.create());
        next.dial(target);
    }

    /// @param reasonCode the first byte of the body; -1 where it is empty
    private void truncate(int reasonCode) throws ProtocolViolation {
        if (next != null) {
            if (next.port() != null && reasonCode < 0) {
                throw RelayCircuit.violation("TRUNCATE without a reason");
            }
            NextHop cut = next;
            next = null;
            cut.close(RelayCircuit.reason(reasonCode));
        }
        circuit.send(0, RelayCommand.TRUNCATED, new byte[] {(byte) DestroyReason.REQUESTED.code()});
    }

    private CircuitPadding padding() {
        if (padding == null) {
            padding = new CircuitPadding(circuit, circuit.circuits().paddingLimits());
        }
        return padding;
    }

    /// A relay cell that is no padding went toward the client, ours or passed on.
    void sentBackward() {
        circuit.circuits().paddingLimits().otherSent();
        if (padding != null) {
            padding.onOtherSent();
        }
    }

    ClientSide clientSide() {
        if (clientSide == null) {
            clientSide = new ClientSide(circuit);
        }
        return clientSide;
    }

    private OnionDuty onionDuty() {
        if (duty == null) {
            duty = circuit.circuits().onionDuties().duty(new OnionEdge(circuit));
        }
        return duty;
    }

    /// Whether it is an introduction point, a rendezvous point, or joined with another circuit. C tor
    /// serves no names and no directory on such.
    boolean hasOnionDuty() {
        return duty != null && !duty.isPlain();
    }

    /// Where cells go that the client sends beyond us; null while there is no link to the next hop.
    @Nullable
    CircuitPort nextPort() {
        return next == null ? null : next.port();
    }

    /// Where this cell goes, which is not for us and stays the caller's: to the next hop or to a joined
    /// circuit, whose layer it then has; null: nowhere.
    @Nullable
    CircuitPort portFor(Cell cell) {
        CircuitPort to = nextPort();
        return to == null && duty != null ? duty.sealJoined(cell) : to;
    }

    /// The queue toward the client may have room again.
    void resume() {
        if (clientSide != null) {
            clientSide.resume();
        }
    }

    /// The circuit ends, for `reason`: so do its next hop, its streams, and what it is joined with.
    void close(DestroyReason reason) {
        if (duty != null) {
            duty.closed(reason);
        }
        if (next != null) {
            next.close(reason);
        }
        if (clientSide != null) {
            clientSide.close();
        }
        if (padding != null) {
            padding.close();
        }
    }

    /// Memory is short: what the streams hold goes at once.
    void drop() {
        if (clientSide != null) {
            clientSide.drop();
        }
    }

    /// When the oldest byte came that waits in a stream, or for a message before it, in ticker
    /// nanoseconds; null where none does.
    @Nullable
    Long oldestStreamNanos() {
        return clientSide == null ? null : clientSide.oldestNanos();
    }

    void endStreamsThatMayNotLeave(ExitPolicy policy) {
        if (clientSide != null) {
            clientSide.endStreamsThatMayNotLeave(policy);
        }
    }

    /// Whether it serves nobody at this moment: it has no stream and no duty, and is not being extended.
    boolean isSpare() {
        return (next == null || next.isCreated())
                && !hasOnionDuty()
                && (clientSide == null || !clientSide.hasStreams());
    }

    /// Whether it is extended, or about to be.
    boolean hasNextHop() {
        return next != null;
    }

    /// As what the circuit gives way when memory is short.
    Shedding shedAs() {
        return clientSide == null ? Shedding.CIRCUITS : clientSide.shedAs();
    }

    /// Streams that end here.
    int openStreams() {
        return clientSide == null ? 0 : clientSide.openStreams();
    }
}
