package sallyport.supervisor.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.fleet.Change;
import sallyport.supervisor.fleet.Reload;

/// What follows from changes, for the network and for whoever uses the relays.
final class Consequences {
    /// What stands in a descriptor; relays upload theirs again when it changes.
    private static final Set<String> DESCRIPTOR_KEYS = Set.of(
            "nickname",
            "address",
            "or-port",
            "contact",
            "exit-policy",
            "exit-policy-reject-private",
            "exit-policy-reject-local-interfaces",
            "directory-cache",
            "ipv6-exit",
            "family",
            "bandwidth",
            "publish");

    private static final String POLICY = "exit-policy";
    /// Ours: who has more at risk asks `status`.
    private static final int NAMED_MAX = 5;

    private final PlanFacts facts;
    private final Set<String> created = new TreeSet<>();
    private final Set<String> removed = new TreeSet<>();
    private final Set<String> moved = new TreeSet<>();
    private final Set<String> uploading = new HashSet<>();
    private final Set<String> cutting = new TreeSet<>();
    private boolean waits;

    Consequences(FleetSpec before, FleetSpec now, List<Change> changes, PlanFacts facts) {
        this.facts = facts;
        changes.forEach(this::count);
        Set<String> after = new HashSet<>();
        now.relays().forEach(relay -> after.add(relay.id()));
        if (!created.isEmpty() || !removed.isEmpty()) {
            // The list of the family is part of each descriptor.
            before.relays().stream()
                    .filter(relay -> relay.family().together() && after.contains(relay.id()))
                    .forEach(relay -> uploading.add(relay.id()));
        }
    }

    private void count(Change change) {
        switch (change) {
            case Change.Add(var spec) -> created.add(spec.id());
            case Change.Remove(var spec) -> removed.add(spec.id());
            case Change.Update(var spec, List<String> keys) -> {
                if (keys.stream().anyMatch(DESCRIPTOR_KEYS::contains)) {
                    uploading.add(spec.id());
                }
                if (keys.stream().anyMatch(Reload.PLACE_KEYS::contains)) {
                    moved.add(spec.id());
                }
                if (keys.contains(POLICY) && spec.exit().cutsStreams()) {
                    cutting.add(spec.id());
                }
            }
            case Change.Restart _ -> waits = true;
            case Change.Process _, Change.Again _, Change.Await _, Change.Exchange _ -> {}
        }
    }

    /// A sentence each.
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        addIdentities(notes);
        addMoves(notes);
        addUploads(notes);
        addCuts(notes);
        if (waits) {
            notes.add("what waits for a restart (!) takes effect when the process is started again, which ends every"
                    + " stream; SIGINT lets circuits end first");
        }
        if (facts.follows().isEmpty()) {
            notes.add("no process runs here: nothing takes effect before `sallyport run`");
        }
        return notes;
    }

    private void addIdentities(List<String> notes) {
        Set<String> known = new TreeSet<>(created);
        known.retainAll(facts.relaysWithKeys());
        if (created.size() > known.size()) {
            notes.add("new identities of " + Planner.relays(created.size() - known.size())
                    + ": authorities measure them within days, full use takes weeks");
        }
        if (!known.isEmpty()) {
            notes.add(Planner.relays(known.size()) + " with keys from before");
        }
    }

    private void addMoves(List<String> notes) {
        if (!moved.isEmpty()) {
            // C tor's rephist: an address that changed counts as a moment of being down.
            notes.add(Planner.relays(moved.size()) + (moved.size() == 1 ? " moves" : " move")
                    + ": flags and weight go with the identity; authorities test the new place first, and count the"
                    + " move as an interruption, which Stable may feel for days");
        }
        Map<String, Set<String>> atRisk = new TreeMap<>(facts.flags());
        atRisk.keySet().removeIf(id -> !moved.contains(id) && !removed.contains(id));
        if (!atRisk.isEmpty()) {
            List<String> named = atRisk.entrySet().stream()
                    .limit(NAMED_MAX)
                    .map(relay -> relay.getKey() + " (" + String.join(" ", new TreeSet<>(relay.getValue())) + ")")
                    .toList();
            int more = atRisk.size() - named.size();
            notes.add("flags at risk, by the last consensus: " + String.join(", ", named)
                    + (more == 0 ? "" : " and " + more + " more"));
        }
    }

    private void addUploads(List<String> notes) {
        if (!created.isEmpty()) {
            notes.add("first descriptors of " + Planner.relays(created.size())
                    + " are uploaded, each when its relay was reached from outside");
        }
        if (!uploading.isEmpty()) {
            notes.add("a new descriptor of " + Planner.relays(uploading.size()) + " that run is uploaded");
        }
    }

    private void addCuts(List<String> notes) {
        if (!removed.isEmpty()) {
            notes.add("the streams of " + Planner.relays(removed.size()) + " are cut");
        }
        if (!cutting.isEmpty()) {
            notes.add("streams that the new policy refuses are cut, on " + Planner.relays(cutting.size())
                    + " (exit-policy-cuts-streams)");
        }
        if (removed.isEmpty() && cutting.isEmpty()) {
            notes.add("no stream is cut");
        }
    }
}
