package sallyport.lab.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.lab.path.Path;
import sallyport.lab.path.PathChooser;

/// The clean circuits of a pool, made for whoever comes next: as long as somebody came lately, whether anybody comes
/// just now or not (path-spec "Clients building circuits: preemptively"). So a guard that is gone is noticed, and
/// replaced, while nobody waits. Runs on the client's loop.
final class Spares {
    // As C tor's CircuitsAvailableTimeout at least: how long somebody came lately, and a clean circuit that nobody
    // wanted.
    private static final long UNUSED_NANOS_MAX = TimeUnit.MINUTES.toNanos(30);

    /// Of circuits for nobody in particular.
    final Backoff backoff = new Backoff();

    private final CircuitPool.Surroundings client;
    private final PathChooser chooser;
    private final int wanted;
    private final List<PooledCircuit> clean = new ArrayList<>();
    /// What the last stream wanted: circuits are made for the like of it.
    private @Nullable Destination lately;
    /// When that was; null: nobody has come yet.
    private @Nullable Long usedNanos;

    /// @param wanted how many there shall be
    Spares(CircuitPool.Surroundings client, PathChooser chooser, int wanted) {
        this.client = client;
        this.chooser = chooser;
        this.wanted = wanted;
    }

    /// Somebody has come.
    void like(@Nullable Destination destination) {
        lately = destination;
        usedNanos = client.nanoTime();
    }

    void add(PooledCircuit circuit) {
        clean.add(circuit);
    }

    void remove(PooledCircuit circuit) {
        clean.remove(circuit);
    }

    /// The first that suits, one that is ready if there is such; it is none of them any more. Null: none does.
    @Nullable
    PooledCircuit take(Predicate<PooledCircuit> suits) {
        PooledCircuit best = null;
        for (PooledCircuit circuit : clean) {
            if ((best == null || circuit.isReady() && !best.isReady()) && suits.test(circuit)) {
                best = circuit;
            }
        }
        if (best != null) {
            clean.remove(best);
        }
        return best;
    }

    /// Makes as many as there shall be, as far as that goes. To be called when somebody comes, and now and then.
    ///
    /// @param room whether the pool may have one more circuit
    /// @param open opens one and adds it; false: not just now
    void keep(BooleanSupplier room, Predicate<Path> open) {
        while (isWanted()
                && clean.size() < wanted
                && room.getAsBoolean()
                && backoff.leftNanos(client.nanoTime()) <= 0) {
            if (!(chooser.choose(client.relays(), lately, Set.of(), Set.of()) instanceof Path path)
                    || !open.test(path)) {
                return;
            }
        }
    }

    private boolean isWanted() {
        return usedNanos != null && client.nanoTime() - usedNanos < UNUSED_NANOS_MAX;
    }

    /// Whether nobody has wanted it for so long that nobody will.
    boolean isStale(PooledCircuit circuit) {
        return client.nanoTime() - circuit.createdNanos >= UNUSED_NANOS_MAX && clean.contains(circuit);
    }
}
