package sallyport.supervisor.fleet;

import java.util.List;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.instance.InstanceSpec;

/// One difference between what runs and what a new configuration asks for. Keys are those of the file.
public sealed interface Change {
    /// A relay that does not run yet.
    record Add(InstanceSpec spec) implements Change {}

    /// A relay that the file no longer names.
    record Remove(InstanceSpec spec) implements Change {}

    /// A running relay changes without closing anything.
    ///
    /// @param spec what it shall be now: the new file's, except for what has to wait for a restart
    record Update(InstanceSpec spec, List<String> keys) implements Change {
        public Update {
            keys = List.copyOf(keys);
        }

        /// Whether the relay gets another place.
        boolean moves() {
            return keys.stream().anyMatch(Reload.PLACE_KEYS::contains);
        }
    }

    /// Running relays that take the places of one another.
    record Exchange(List<Update> moves) implements Change {
        public Exchange {
            moves = List.copyOf(moves);
        }
    }

    /// What all relays share changes without closing anything.
    ///
    /// @param spec what it shall be now: the new file's, except for what has to wait for a restart
    /// @param keys those of the file
    record Process(ProcessSpec spec, List<String> keys) implements Change {
        public Process {
            keys = List.copyOf(keys);
        }
    }

    /// A relay that had failed, and is tried again as it is.
    record Again(InstanceSpec spec) implements Change {}

    /// A relay that is on its way, and is only waited for.
    record Await(String relay) implements Change {}

    /// Keys that a running process, or a running relay, cannot change without cutting streams.
    ///
    /// @param relay id, or empty for the whole process
    record Restart(String relay, List<String> keys) implements Change {
        public Restart {
            keys = List.copyOf(keys);
        }
    }
}
