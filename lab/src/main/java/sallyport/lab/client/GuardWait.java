package sallyport.lab.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sallyport.lab.guard.GuardUse;
import sallyport.lab.guard.Guards;

/// The circuits that are built, and wait until no better guard can be had (C tor's state GUARD_WAIT). Runs on the
/// client's loop.
final class GuardWait {
    private final Guards guards;
    private final Supplier<List<PooledCircuit>> all;
    private final Consumer<PooledCircuit> ready;
    private final List<PooledCircuit> waiting = new ArrayList<>();

    /// @param all circuits of the client
    /// @param ready hears of each that waits no longer
    GuardWait(Guards guards, Supplier<List<PooledCircuit>> all, Consumer<PooledCircuit> ready) {
        this.guards = guards;
        this.all = all;
        this.ready = ready;
    }

    void add(PooledCircuit circuit) {
        waiting.add(circuit);
    }

    void remove(PooledCircuit circuit) {
        waiting.remove(circuit);
    }

    /// Looks who need not wait any longer, and ends those that nobody will ever want. To be called when a circuit is
    /// built or ends, and now and then.
    void settle() {
        boolean found = true;
        while (found && !waiting.isEmpty()) {
            GuardUse use = guards.settle(uses());
            found = use != null && letGo(use);
        }
        for (PooledCircuit circuit : List.copyOf(waiting)) {
            if (waiting.contains(circuit) && guards.isVain(circuit.path.guard(), uses())) {
                waiting.remove(circuit);
                circuit.end();
            }
        }
    }

    private boolean letGo(GuardUse use) {
        for (PooledCircuit circuit : waiting) {
            if (circuit.path.guard().equals(use)) {
                waiting.remove(circuit);
                ready.accept(circuit);
                return true;
            }
        }
        return false;
    }

    private List<GuardUse> uses() {
        List<GuardUse> uses = new ArrayList<>();
        for (PooledCircuit circuit : all.get()) {
            if (!circuit.isSet) {
                uses.add(circuit.path.guard());
            }
        }
        return uses;
    }
}
