package sallyport.engine.host;

import java.util.List;
import sallyport.engine.instance.InstanceSpec;

/// What became of a changed spec: which fields took effect at once, and which wait for a restart of the
/// process.
///
/// @param now what the relay is from now on
public record UpdateOutcome(List<String> applied, List<String> waitingForRestart, InstanceSpec now) {
    public UpdateOutcome {
        applied = List.copyOf(applied);
        waitingForRestart = List.copyOf(waitingForRestart);
    }
}
