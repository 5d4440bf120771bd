package sallyport.engine.circuit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.MostFirst;

/// Gives circuits back that another instance lacks: those that nobody uses. One with a stream stays, whatever the
/// stream is for, and so does one that serves an onion service. Runs on the circuits' loop.
final class CircuitRelief {
    static final String GIVEN_BACK = "circuit given back: another relay had less than its share";

    // Ours: who builds a circuit asks for its next hop sooner, and who waits for an answer hears something.
    static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Circuits circuits;

    CircuitRelief(Circuits circuits) {
        this.circuits = circuits;
    }

    /// Those that end here first, for we see that they carry nothing; then those that pass through, whose streams are
    /// others' to see. Of either kind those of the sources that have most first, and of one source whatever is
    /// unused for longest.
    ///
    /// @param count how many at most
    void giveBack(int count) {
        List<RelayCircuit> ending = new ArrayList<>();
        List<RelayCircuit> passing = new ArrayList<>();
        for (RelayCircuit circuit : circuits.all()) {
            if (circuit.isSpare() && unusedNanos(circuit) >= UNUSED_NANOS) {
                (circuit.messages().hasNextHop() ? passing : ending).add(circuit);
            }
        }
        int left = end(ending, count);
        end(passing, left);
    }

    /// Returns how many remain to be given back.
    private int end(List<RelayCircuit> of, int count) {
        int left = count;
        for (RelayCircuit circuit : MostFirst.order(of, each -> each.link().source(), this::unusedNanos)) {
            if (left == 0) {
                break;
            }
            // One may have ended with another.
            if (!circuit.isClosed()) {
                circuit.count(GIVEN_BACK);
                circuit.close(DestroyReason.RESOURCELIMIT);
                left--;
            }
        }
        return left;
    }

    private long unusedNanos(RelayCircuit circuit) {
        return circuits.world().ticker().nanoTime() - circuit.lastUsedNanos();
    }
}
