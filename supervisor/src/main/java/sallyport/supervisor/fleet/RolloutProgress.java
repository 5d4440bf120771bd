package sallyport.supervisor.fleet;

import java.util.List;

/// How far a running process has come with taking over a configuration.
///
/// @param attempt counts the requests to take one over, from 1
/// @param state the applied state; 0 of a file without pools
/// @param batch the one at work, from 1; 0 before the first
/// @param batches how many there are
/// @param relays of this batch
/// @param waiting those of them that are not healthy yet, each with its state
/// @param text in one line, for the operator
public record RolloutProgress(
        long attempt,
        int state,
        Phase phase,
        int batch,
        int batches,
        List<String> relays,
        List<String> waiting,
        String text) {
    public RolloutProgress {
        relays = List.copyOf(relays);
        waiting = List.copyOf(waiting);
    }

    /// What it is about.
    public enum Phase {
        /// Relays that leave let their circuits end.
        DRAINING,
        /// A batch becomes healthy.
        AT_WORK,
        DONE,
        /// A batch did not become healthy, and the ones after it were not begun; or nothing could be
        /// begun at all.
        HALTED;

        public boolean isOver() {
            return this == DONE || this == HALTED;
        }
    }

    /// One that ended before it began.
    public static RolloutProgress refused(long attempt, int state, String why) {
        return new RolloutProgress(attempt, state, Phase.HALTED, 0, 0, List.of(), List.of(), why);
    }

    /// One that was over as soon as it began.
    public static RolloutProgress done(long attempt, int state) {
        return new RolloutProgress(attempt, state, Phase.DONE, 0, 0, List.of(), List.of(), "taken over at once");
    }
}
