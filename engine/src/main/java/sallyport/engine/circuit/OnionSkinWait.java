package sallyport.engine.circuit;

import sallyport.engine.accounting.Tally;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.onionskin.HandshakeAnswer;
import sallyport.engine.onionskin.OnionSkins;

/// A circuit whose keys a worker computes. Until then a RELAY cell is an error and nothing else can happen to it but
/// its end.
final class OnionSkinWait implements OnionSkins.Asker {
    private final RelayCircuit circuit;
    private final OnionSkins onionSkins;
    private final Tally computed;
    private final Tally dropped;
    // Workers read it, to spare themselves what nobody wants any more.
    private volatile boolean waiting = true;

    OnionSkinWait(RelayCircuit circuit, OnionSkins onionSkins, Tally computed, Tally dropped) {
        this.circuit = circuit;
        this.onionSkins = onionSkins;
        this.computed = computed;
        this.dropped = dropped;
    }

    void cancel() {
        waiting = false;
        onionSkins.cancel(this);
    }

    @Override
    public boolean isWaiting() {
        return waiting;
    }

    @Override
    public void answered(HandshakeAnswer answer) {
        circuit.tally(computed);
        try {
            circuit.answerCreate2(answer);
        } catch (RuntimeException bug) {
            circuit.ownBug(bug);
        }
    }

    @Override
    public void refused(String what) {
        circuit.fault(RelayCircuit.violation(what));
    }

    @Override
    public void late() {
        refusedForLackOfTime();
    }

    /// There is too much to do before it.
    void refusedForLackOfTime() {
        circuit.tally(dropped);
        circuit.close(DestroyReason.RESOURCELIMIT);
    }

    @Override
    public void failed(Throwable failure) {
        circuit.ownBug(failure);
    }
}
