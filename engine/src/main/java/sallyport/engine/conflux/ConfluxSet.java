package sallyport.engine.conflux;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.ConfluxSwitchBody;
import sallyport.engine.cell.DesiredUx;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.flow.StreamCarrier;
import sallyport.engine.limits.MemoryAccount;

/// The circuits that carry one client's streams together, and the sequence numbers of both directions, at
/// the exit or at the client. To its streams it is what a circuit is to streams of its own. Every leg lives
/// on the same loop, and all of this runs there.
///
/// It begins with its first leg and ends with its last one, or with any whose loss would leave a hole in
/// what either side sent.
public final class ConfluxSet implements StreamCarrier {
    private final ConfluxParameters parameters;
    private final EarlyMessages early;
    private final List<Leg> legs = new ArrayList<>(2);
    private LegScheduler scheduler = LegScheduler.LOW_RTT;
    /// The leg of the last message sent; null before the first.
    private @Nullable Leg current;
    /// Every message up to this one was handed on.
    private long delivered;
    /// A message was counted and not handled.
    private boolean broken;
    private boolean closed;

    /// @param pool the cells of this loop, in which messages wait
    /// @param memory counts them
    public ConfluxSet(ConfluxParameters parameters, CellPool pool, MemoryAccount memory, Ticker ticker) {
        this.parameters = parameters;
        this.early = new EarlyMessages(pool, memory, ticker);
    }

    // Legs

    /// A LINK, or at the client a LINKED, came on a circuit that has no streams and is in no set: makes
    /// it a leg. An exit answers with the [#state] as it was before.
    ///
    /// @param askedMicros when the LINKED leaves, or the LINK left, whose answer shows the round trip
    /// @throws ProtocolViolation of that circuit; where the other end sent what never arrived, all other
    ///     legs have ended
    public Leg link(LegCircuit circuit, ConfluxLinkBody link, long askedMicros) throws ProtocolViolation {
        if (legs.size() >= parameters.legsMax()) {
            throw violation(DestroyReason.TORPROTOCOL, "LINK beyond the legs of a set");
        }
        if (Long.compareUnsigned(link.lastSent(), delivered) > 0) {
            // Nobody sends it again: C tor knows no resumption, and neither do we.
            end(DestroyReason.TORPROTOCOL);
            throw violation(DestroyReason.INTERNAL, "LINK after messages that were lost");
        }
        // What the other end has received, we have sent.
        Leg leg =
                new Leg(circuit, /* lastSent= */ link.lastReceived(), /* lastReceived= */ link.lastSent(), askedMicros);
        scheduler = LegScheduler.of(link.ux());
        legs.add(leg);
        return leg;
    }

    /// What LINK and LINKED say of it.
    ///
    /// @param ux what the other end is to send for
    public ConfluxLinkBody state(byte[] nonce, DesiredUx ux) {
        return new ConfluxLinkBody(nonce, lastSentMax(), delivered, ux);
    }

    /// The leg's round trip is known: LINKED_ACK came, or at the client LINKED.
    public void acknowledged(Leg leg, long nowMicros) {
        // A leg with no round trip would never be used: a clock that stood still counts as a microsecond.
        leg.roundTripMicros = Math.max(1, nowMicros - leg.linkedMicros);
    }

    /// A SENDME measured the leg's round trip anew; 0: it could not.
    public void measured(Leg leg, long roundTripMicros) {
        if (roundTripMicros > 0) {
            leg.roundTripMicros = roundTripMicros;
        }
    }

    /// The circuit of this leg has ended. Where the set cannot go on without it, the other legs end too.
    ///
    /// @return whether the set is over
    public boolean left(Leg leg) {
        if (legs.remove(leg) && (legs.isEmpty() || wasInUse(leg))) {
            end(DestroyReason.FINISHED);
        }
        return closed;
    }

    /// Memory is short, and the circuit of this leg goes, for a reason of its own: all others go with it.
    public void drop(Leg leg) {
        legs.remove(leg);
        end(DestroyReason.FINISHED);
    }

    /// Whether it stands for the set where something is to be counted once.
    public boolean isFirst(Leg leg) {
        return !legs.isEmpty() && legs.getFirst() == leg;
    }

    // From the other end

    /// SWITCH came: what follows on this leg has sequence numbers that much higher. It is none of them
    /// itself.
    public void switched(Leg leg, ConfluxSwitchBody body) {
        leg.lastReceived += body.relative();
    }

    /// Whether messages of this kind are numbered and may come on any leg (proposal 329, section 3.4);
    /// all others are about the circuit they come on.
    public static boolean isNumbered(int relayCommand) {
        return switch (relayCommand) {
            case RelayCommand.BEGIN,
                    RelayCommand.DATA,
                    RelayCommand.END,
                    RelayCommand.CONNECTED,
                    RelayCommand.RESOLVE,
                    RelayCommand.RESOLVED,
                    RelayCommand.XOFF,
                    RelayCommand.XON -> true;
            default -> false;
        };
    }

    /// A numbered message came on this leg: hands it on, and all that waited for it; or lets it wait. The
    /// bytes are borrowed.
    ///
    /// @throws ProtocolViolation of the leg's circuit
    public void received(
            Leg leg, int relayCommand, int streamId, byte[] array, int offset, int length, OrderedMessages to)
            throws ProtocolViolation {
        long sequence = ++leg.lastReceived;
        if (isRepeated(sequence)) {
            throw violation(DestroyReason.INTERNAL, "conflux message of a number that was delivered");
        }
        if (sequence != delivered + 1) {
            if (early.bytes() >= parameters.waitingBytesMax()) {
                throw violation(DestroyReason.RESOURCELIMIT, "conflux messages beyond what may wait");
            }
            early.add(sequence, relayCommand, streamId, array, offset, length);
            return;
        }
        broken = true;
        delivered++;
        to.onMessage(relayCommand, streamId, array, offset, length);
        drain(to);
        broken = false;
    }

    private void drain(OrderedMessages to) throws ProtocolViolation {
        while (!closed && !early.isEmpty()) {
            if (isRepeated(early.firstSequence())) {
                // C tor would wait for it for ever.
                throw violation(DestroyReason.INTERNAL, "conflux messages of the same number");
            }
            if (early.firstSequence() != delivered + 1) {
                return;
            }
            delivered++;
            Cell cell = early.poll();
            try {
                int length = RelayCell.length(cell);
                to.onMessage(
                        RelayCell.command(cell),
                        RelayCell.streamId(cell),
                        cell.array(),
                        RelayCell.dataOffset(),
                        length);
            } finally {
                cell.release();
            }
        }
    }

    private boolean isRepeated(long sequence) {
        return Long.compareUnsigned(sequence, delivered) <= 0;
    }

    /// When the oldest message came that waits for one before it, in ticker nanoseconds; null where none
    /// does.
    public @Nullable Long oldestNanos() {
        return early.oldestNanos();
    }

    // Toward the other end

    @Override
    public boolean ready() {
        return !closed && scheduler.choose(legs) != null;
    }

    @Override
    public int sendData(int streamId, ByteBuf source) {
        Leg leg = closed ? null : scheduler.choose(legs);
        if (leg == null || !turnedTo(leg)) {
            return 0;
        }
        int length = leg.circuit.sendData(streamId, source);
        leg.lastSent += length > 0 ? 1 : 0;
        return length;
    }

    /// Windows hold back DATA only: where no leg takes any, the message takes the leg of the one before
    /// it, so that the order stays.
    @Override
    public void send(int streamId, int relayCommand, byte[] body) {
        if (closed || legs.isEmpty()) {
            return;
        }
        Leg chosen = scheduler.choose(legs);
        Leg leg = chosen == null ? current() : chosen;
        if (turnedTo(leg)) {
            leg.circuit.send(streamId, relayCommand, body);
            leg.lastSent++;
        }
    }

    /// The leg of the last message. Before there was any, C tor takes the fastest, or the first where
    /// none was measured.
    private Leg current() {
        if (current == null) {
            Leg fastest = LegScheduler.fastest(legs, false);
            current = fastest == null ? legs.getFirst() : fastest;
        }
        return current;
    }

    /// False: the set has ended over it.
    private boolean turnedTo(Leg leg) {
        Leg before = current();
        if (leg == before) {
            return true;
        }
        // Both are only possible where the other end claimed to have received what was never sent.
        long relative = before.lastSent - leg.lastSent;
        if (Long.compareUnsigned(leg.lastSent, before.lastSent) > 0
                || Long.compareUnsigned(relative, ConfluxSwitchBody.RELATIVE_MAX) >= 0) {
            end(DestroyReason.TORPROTOCOL);
            return false;
        }
        current = leg;
        leg.circuit.send(0, RelayCommand.CONFLUX_SWITCH, new ConfluxSwitchBody(relative).encode());
        leg.lastSent = before.lastSent;
        return !closed;
    }

    // Ending

    /// Whether either side may have sent something on it that the other has not got, as C tor judges it.
    private boolean wasInUse(Leg leg) {
        return broken
                || leg == current
                || leg.circuit.awaitsSendme()
                || Long.compareUnsigned(lastSentMax(), leg.lastSent) < 0
                || Long.compareUnsigned(lastReceivedMax(), leg.lastReceived) < 0;
    }

    private void end(DestroyReason reason) {
        if (closed) {
            return;
        }
        closed = true;
        early.clear();
        List<Leg> all = new ArrayList<>(legs);
        all.forEach(leg -> leg.circuit.endCircuit(reason));
    }

    private long lastSentMax() {
        long max = 0;
        for (Leg leg : legs) {
            max = Long.compareUnsigned(leg.lastSent, max) > 0 ? leg.lastSent : max;
        }
        return max;
    }

    private long lastReceivedMax() {
        long max = 0;
        for (Leg leg : legs) {
            max = Long.compareUnsigned(leg.lastReceived, max) > 0 ? leg.lastReceived : max;
        }
        return max;
    }

    private static ProtocolViolation violation(DestroyReason reason, String what) {
        return ProtocolViolation.circuit(reason, what);
    }
}
