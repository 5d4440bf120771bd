package sallyport.engine.instance;

import java.time.Instant;
import java.util.Map;

/// One relay at one moment, for the operator: sums without peers.
///
/// @param fingerprint 40 upper-case hex digits, empty while the keys are not known
/// @param since when the state began
/// @param faults peers' faults per kind since the start
public record InstanceStatus(
        String id,
        String nickname,
        String fingerprint,
        InstanceState state,
        Instant since,
        int openCircuits,
        Map<String, Long> faults) {
    /// The same at a place in the line of those that wait to start.
    public InstanceStatus waitingAt(int place) {
        return new InstanceStatus(
                id, nickname, fingerprint, new InstanceState.Starting(place), since, openCircuits, faults);
    }
}
