package sallyport.supervisor.plan;

import java.util.List;
import sallyport.supervisor.assignment.RelayPlace;

/// What is to become of the relays of one host.
///
/// @param file the configuration, absolute
/// @param host whose part it is
/// @param base the number of the state that it was made from; 0 when nothing was applied
/// @param lockBefore the places of the lock file when the plan was made, without fingerprints
/// @param text the configuration that is wanted, with nothing left open
/// @param lock the lock that goes with it
/// @param steps by relay; empty when nothing changes
/// @param notes what follows from the steps, a sentence each
/// @param warnings what should be seen to before it is applied
public record Plan(
        String file,
        String host,
        int base,
        String lockBefore,
        String text,
        String lock,
        List<Step> steps,
        List<String> notes,
        List<String> warnings) {
    public Plan {
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
        warnings = List.copyOf(warnings);
    }

    /// What becomes of one relay, or of the process.
    public enum Kind {
        /// A relay that does not run on this host yet.
        CREATE,
        /// It listens somewhere else from then on; its links stay open.
        MOVE,
        /// Keys take effect while it runs.
        CHANGE,
        /// Keys take effect at the next start of the process.
        RESTART,
        /// It drains and stops; streams that are open then are cut.
        REMOVE,
        /// A relay of another host, for whom the plan is made there.
        ELSEWHERE,
        /// The text or the lock differs, the relays do not.
        RECORD
    }

    /// @param relay id; empty for the whole process
    /// @param what in one line
    public record Step(Kind kind, String relay, String what) {}

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /// How many steps are of a kind.
    public long count(Kind kind) {
        return steps.stream().filter(step -> step.kind() == kind).count();
    }

    /// The address and port of a relay, and where its exit traffic comes from.
    static String place(RelayPlace place) {
        return place.addresses() + " port " + place.port()
                + (place.exit().isNone() ? "" : ", exits from " + place.exit());
    }
}
