package sallyport.engine.conflux;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.DesiredUx;

/// Chooses the leg for the next message (proposal 329, section 3.3). Legs whose round trip is not known
/// are never chosen.
enum LegScheduler {
    /// The fastest leg and no other: where it takes nothing, nothing is sent.
    MIN_RTT {
        @Override
        @Nullable
        Leg choose(List<Leg> legs) {
            Leg fastest = fastest(legs, false);
            return fastest == null || !fastest.circuit.ready() ? null : fastest;
        }
    },
    /// The fastest of the legs that take something.
    LOW_RTT {
        @Override
        @Nullable
        Leg choose(List<Leg> legs) {
            return fastest(legs, true);
        }
    };

    /// Null: none may send DATA now. Allocates nothing.
    abstract @Nullable Leg choose(List<Leg> legs);

    /// As C tor does: there is no algorithm for little memory, so that which switches less stands in for
    /// it.
    static LegScheduler of(DesiredUx ux) {
        return switch (ux) {
            case NO_OPINION, HIGH_THROUGHPUT -> LOW_RTT;
            case MIN_LATENCY, LOW_MEM_LATENCY, LOW_MEM_THROUGHPUT -> MIN_RTT;
        };
    }

    /// The first of those that are equally fast.
    static @Nullable Leg fastest(List<Leg> legs, boolean onlyReady) {
        Leg fastest = null;
        for (int i = 0; i < legs.size(); i++) {
            Leg leg = legs.get(i);
            boolean eligible = leg.isMeasured() && (!onlyReady || leg.circuit.ready());
            if (eligible && (fastest == null || leg.isFasterThan(fastest))) {
                fastest = leg;
            }
        }
        return fastest;
    }
}
