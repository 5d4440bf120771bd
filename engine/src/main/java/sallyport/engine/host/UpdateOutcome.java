package sallyport.engine.host;

import java.util.List;

/// What became of a changed spec: which fields took effect at once, and which wait for a restart of the process.
public record UpdateOutcome(List<String> applied, List<String> waitingForRestart) {
    public UpdateOutcome {
        applied = List.copyOf(applied);
        waitingForRestart = List.copyOf(waitingForRestart);
    }
}
