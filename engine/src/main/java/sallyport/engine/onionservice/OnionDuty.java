package sallyport.engine.onionservice;

import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Tally;
import sallyport.engine.bytes.ByteKey;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.link.CircuitPort;

/// What one circuit is for. A plain one becomes an introduction point, or a rendezvous point and then one half of a
/// joined pair; it never goes back.
public final class OnionDuty {
    enum Role {
        /// It has no duty yet.
        PLAIN,
        /// It asked to be an introduction point, and its signature is being checked.
        IN_PROOF,
        INTRODUCTION_POINT,
        RENDEZVOUS_POINT,
        JOINED,
        CLOSED
    }

    private final DutyCircuit circuit;
    private final Introductions introductions;
    private final Rendezvous rendezvous;
    private final FaultCounters faults;
    private Role role = Role.PLAIN;
    private boolean introduced;
    private @Nullable ByteKey name;
    private @Nullable OnionDuty other;

    OnionDuty(DutyCircuit circuit, Introductions introductions, Rendezvous rendezvous, FaultCounters faults) {
        this.circuit = circuit;
        this.introductions = introductions;
        this.rendezvous = rendezvous;
        this.faults = faults;
    }

    /// A message from who made the circuit; the body is borrowed.
    ///
    /// @param command one of those from ESTABLISH_INTRO to INTRODUCE_ACK
    public void onMessage(int command, byte[] array, int at, int length) throws ProtocolViolation {
        switch (command) {
            case RelayCommand.ESTABLISH_INTRO -> introductions.establish(this, array, at, length);
            case RelayCommand.INTRODUCE1 -> introductions.introduce(this, array, at, length);
            case RelayCommand.ESTABLISH_RENDEZVOUS -> rendezvous.establish(this, array, at, length);
            case RelayCommand.RENDEZVOUS1 -> rendezvous.join(this, array, at, length);
            default -> faults.count("answer of an introduction or rendezvous point from a client");
        }
    }

    /// Whether it has no duty: only such a circuit may ask for names and for the directory, as in C tor.
    public boolean isPlain() {
        return role == Role.PLAIN;
    }

    /// Where a cell goes that is not for us, made a cell of the circuit joined with this one; null: there is none, and
    /// the cell is as it was. It stays the caller's.
    public @Nullable CircuitPort sealJoined(Cell cell) {
        if (other == null) {
            return null;
        }
        rendezvous.relayed();
        return other.circuit.sealJoined(cell);
    }

    /// The circuit has closed, and closes the one that is joined with it.
    public void closed(DestroyReason reason) {
        Role ended = role;
        role = Role.CLOSED;
        switch (ended) {
            case INTRODUCTION_POINT -> introductions.forget(name());
            case RENDEZVOUS_POINT -> rendezvous.forget(name());
            case JOINED -> {
                OnionDuty pair = other;
                other = null;
                if (pair != null) {
                    pair.other = null;
                    rendezvous.parted();
                    pair.circuit.close(reason);
                }
            }
            case PLAIN, IN_PROOF, CLOSED -> {}
        }
    }

    DutyCircuit circuit() {
        return circuit;
    }

    void becomeInProof() {
        role = Role.IN_PROOF;
    }

    /// @param key under which the circuit is found from now on
    void become(Role next, ByteKey key) {
        role = next;
        name = key;
    }

    /// The key under which the circuit is found; only where it has one.
    ByteKey name() {
        if (name == null) {
            throw new IllegalStateException("a circuit without a key");
        }
        return name;
    }

    boolean is(Role asked) {
        return role == asked;
    }

    void joinWith(OnionDuty pair) {
        role = Role.JOINED;
        pair.role = Role.JOINED;
        other = pair;
        pair.other = this;
    }

    /// True the first time only.
    boolean introduceOnce() {
        boolean first = !introduced;
        introduced = true;
        return first;
    }

    /// For messages that only a plain circuit which ends here may send.
    void needFit(Tally otherwise, String what) throws ProtocolViolation {
        if (!isPlain() || circuit.hasNextHop()) {
            throw violation(otherwise, what);
        }
    }

    /// Counts what became of a message.
    void tally(Tally outcome) {
        faults.tallies().count(outcome);
    }

    /// The same, where the peer broke a rule.
    ProtocolViolation violation(Tally outcome, String what) {
        tally(outcome);
        return violation(what);
    }

    private static ProtocolViolation violation(String what) {
        return ProtocolViolation.circuit(DestroyReason.TORPROTOCOL, what);
    }
}
