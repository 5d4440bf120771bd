package sallyport.lab.client;

import java.time.Duration;
import sallyport.lab.path.PathRules;

/// What one client is to be like.
///
/// @param name for the log, and nothing else
/// @param rules of its paths
/// @param flow whether to ask exits for congestion control; without, windows are the fixed
/// ones
/// @param conflux whether to open conflux sets instead of circuits, where the exit has it and the consensus
///     does not forbid it. C tor's clients keep some ready and use them first; here it is off unless asked
///     for, since the loads of a lab count circuits
/// @param circuitsMax circuits open or being built at a time; a conflux set counts as one
/// @param spareCircuits clean ones to keep ready for what was asked for lately
/// @param dirtinessMax how long after its first stream a circuit takes further ones (C tor's
/// `MaxCircuitDirtiness`)
/// @param openLimit how long a stream may take to be connected (C tor's `SocksTimeout`)
/// @param pendingMax streams that may wait for a circuit
/// @param guardsFile where its guards are kept between runs, a name in the world's storage: in C tor's format, and
///     [sallyport.lab.guard.StateFile#NAME] is what C tor calls it; empty: nowhere. No two clients share one
public record ClientSettings(
        String name,
        PathRules rules,
        Flow flow,
        boolean conflux,
        int circuitsMax,
        int spareCircuits,
        Duration dirtinessMax,
        Duration openLimit,
        int pendingMax,
        String guardsFile) {
    /// Flow control and encryption of circuits, each with what the one before has not.
    public enum Flow {
        /// Windows of 1000 and 500 cells, with fixed steps.
        FIXED_WINDOWS,
        /// Congestion control (proposal 324), where the consensus has it.
        CONGESTION_CONTROL,
        /// And counter galois onion (proposal 359), as C tor's clients ask for.
        COUNTER_GALOIS
    }

    /// As C tor's defaults, where it has such.
    public static final ClientSettings DEFAULT = new ClientSettings(
            "client",
            PathRules.DEFAULT,
            Flow.COUNTER_GALOIS,
            false,
            64,
            2,
            Duration.ofMinutes(10),
            Duration.ofMinutes(2),
            1024,
            "");

    public ClientSettings {
        if (circuitsMax < 1 || spareCircuits < 0 || pendingMax < 1) {
            throw new IllegalArgumentException("limits of a client");
        }
    }

    public ClientSettings withName(String of) {
        return new ClientSettings(
                of, rules, flow, conflux, circuitsMax, spareCircuits, dirtinessMax, openLimit, pendingMax, guardsFile);
    }

    public ClientSettings withRules(PathRules of) {
        return new ClientSettings(
                name, of, flow, conflux, circuitsMax, spareCircuits, dirtinessMax, openLimit, pendingMax, guardsFile);
    }

    public ClientSettings withFlow(Flow of) {
        return new ClientSettings(
                name, rules, of, conflux, circuitsMax, spareCircuits, dirtinessMax, openLimit, pendingMax, guardsFile);
    }

    public ClientSettings withConflux(boolean of) {
        return new ClientSettings(
                name, rules, flow, of, circuitsMax, spareCircuits, dirtinessMax, openLimit, pendingMax, guardsFile);
    }

    public ClientSettings withCircuits(int max, int spare) {
        return new ClientSettings(
                name, rules, flow, conflux, max, spare, dirtinessMax, openLimit, pendingMax, guardsFile);
    }

    public ClientSettings withDirtinessMax(Duration max) {
        return new ClientSettings(
                name, rules, flow, conflux, circuitsMax, spareCircuits, max, openLimit, pendingMax, guardsFile);
    }

    public ClientSettings withPendingMax(int max) {
        return new ClientSettings(
                name, rules, flow, conflux, circuitsMax, spareCircuits, dirtinessMax, openLimit, max, guardsFile);
    }

    public ClientSettings withOpenLimit(Duration limit) {
        return new ClientSettings(
                name, rules, flow, conflux, circuitsMax, spareCircuits, dirtinessMax, limit, pendingMax, guardsFile);
    }

    /// Keeps its guards in that file.
    public ClientSettings withGuardsFile(String of) {
        return new ClientSettings(
                name, rules, flow, conflux, circuitsMax, spareCircuits, dirtinessMax, openLimit, pendingMax, of);
    }
}
