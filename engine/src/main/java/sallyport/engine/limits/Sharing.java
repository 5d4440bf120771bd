package sallyport.engine.limits;

import java.util.List;

/// How the relays of the process share what it has, as the operator says.
///
/// @param bandwidth how fast all of them may be together, each direction for itself
/// @param shedding what gives way first when memory is short; each kind once
public record Sharing(Rate bandwidth, List<Shedding> shedding) {
    /// Nothing is held back, and streams in use give way last.
    public static final Sharing DEFAULT = new Sharing(BandwidthBudget.NO_LIMIT, Shedding.DEFAULT);

    public Sharing {
        shedding = List.copyOf(shedding);
        if (shedding.size() != Shedding.DEFAULT.size()
                || !Shedding.missingFrom(shedding).isEmpty()) {
            throw new IllegalArgumentException("an order that does not name each kind once");
        }
    }
}
