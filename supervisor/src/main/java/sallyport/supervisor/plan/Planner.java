package sallyport.supervisor.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import sallyport.supervisor.assignment.Lock;
import sallyport.supervisor.assignment.RelayPlace;
import sallyport.supervisor.budget.Limits;
import sallyport.supervisor.config.ConsensusLimit;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.PooledFleet;
import sallyport.supervisor.fleet.Change;
import sallyport.supervisor.fleet.Reload;
import sallyport.supervisor.plan.Plan.Kind;
import sallyport.supervisor.plan.Plan.Step;

/// Makes the plan from what is applied to what is wanted. What it says of running relays is what [Reload]
/// will do to them.
public final class Planner {
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

    private final String file;
    private final int base;
    private final Optional<FleetReading> applied;
    private final FleetReading wanted;
    private final PooledFleet fleet;

    private Planner(String file, int base, Optional<FleetReading> applied, FleetReading wanted) {
        this.file = file;
        this.base = base;
        this.applied = applied;
        this.wanted = wanted;
        this.fleet = wanted.fleet().orElseThrow();
    }

    /// @param base number of the applied state, 0 without one
    /// @param wanted of a file with pools, read for one host
    /// @param relaysWithKeys ids of relays that have run on this host before
    /// @param machine what there is for them
    public static Plan plan(
            String file,
            int base,
            Optional<FleetReading> applied,
            FleetReading wanted,
            Set<String> relaysWithKeys,
            Limits machine) {
        Planner planner = new Planner(file, base, applied, wanted);
        return planner.plan(relaysWithKeys, machine);
    }

    private Plan plan(Set<String> relaysWithKeys, Limits machine) {
        FleetSpec now = wanted.spec();
        FleetSpec before = applied.map(FleetReading::spec).orElseGet(() -> now.withRelays(List.of()));
        List<Change> changes = Reload.between(before, now);
        List<Step> steps = new ArrayList<>();
        changes.forEach(change -> addSteps(change, steps));
        addOthers(steps);
        PooledFleet old = applied.flatMap(FleetReading::fleet).orElse(null);
        boolean sameRecord = old != null
                && old.text().equals(fleet.text())
                && placesOf(old.lock()).equals(placesOf(fleet.lock()))
                && placesOf(fleet.before()).equals(placesOf(fleet.lock()));
        if (steps.isEmpty() && !sameRecord) {
            steps.add(new Step(Kind.RECORD, "", "the configuration is recorded anew; no relay changes"));
        }
        List<String> warnings = new ArrayList<>();
        List<String> notes = steps.isEmpty() ? List.of() : notes(before, now, changes, relaysWithKeys);
        List<String> needs = new ArrayList<>(notes);
        needs.addAll(CampaignNotes.of(now, Instant.now()));
        if (!steps.isEmpty()) {
            needs.addAll(ExitPolicies.notes(now));
            warnings.addAll(ExitPolicies.warnings(now));
            warnings.addAll(Crowding.warnings(fleet.lock(), ConsensusLimit.in(now.dataDirectory())));
            needs.addAll(new MachineNotes(machine, Demand.of(now), warnings).notes());
        }
        return new Plan(
                file,
                fleet.host(),
                base,
                placesOf(fleet.before()),
                fleet.text(),
                fleet.lock().text(),
                steps,
                needs,
                warnings);
    }

    /// The lock without what is learned of the relays later.
    public static String placesOf(Lock lock) {
        return lock.with(lock.places().stream()
                        .map(place -> place.withFingerprint(""))
                        .toList())
                .text();
    }

    private void addSteps(Change change, List<Step> steps) {
        switch (change) {
            case Change.Add(var spec) -> steps.add(new Step(Kind.CREATE, spec.id(), describe(spec.id())));
            case Change.Remove(var spec) ->
                steps.add(new Step(Kind.REMOVE, spec.id(), "drains and stops; its keys stay on the disk"));
            case Change.Update(var spec, List<String> keys) -> {
                boolean moves = keys.stream().anyMatch(Reload.PLACE_KEYS::contains);
                steps.add(new Step(
                        moves ? Kind.MOVE : Kind.CHANGE,
                        spec.id(),
                        (moves ? "from " + oldPlace(spec.id()) + " to " + describe(spec.id()) + "; " : "")
                                + String.join(", ", keys)));
            }
            case Change.Process(var _, List<String> keys) ->
                steps.add(new Step(Kind.CHANGE, "", String.join(", ", keys)));
            case Change.Again _, Change.Await _, Change.Exchange _ -> {} // of what runs, which a plan does not look at
            case Change.Restart(String relay, List<String> keys) ->
                steps.add(new Step(Kind.RESTART, relay, String.join(", ", keys)));
        }
    }

    private String describe(String id) {
        return find(fleet.lock(), id).map(Plan::place).orElse("");
    }

    private String oldPlace(String id) {
        return applied.flatMap(FleetReading::fleet)
                .flatMap(old -> find(old.lock(), id))
                .map(Plan::place)
                .orElse("elsewhere");
    }

    private static Optional<RelayPlace> find(Lock lock, String id) {
        return lock.places().stream().filter(place -> place.id().equals(id)).findFirst();
    }

    /// Relays of other hosts whose places come, go or change: the lock is of all.
    private void addOthers(List<Step> steps) {
        Map<String, RelayPlace> before = new HashMap<>();
        applied.flatMap(FleetReading::fleet)
                .map(PooledFleet::lock)
                .orElse(fleet.before())
                .places()
                .forEach(place -> before.put(place.id(), place));
        Map<String, Integer> changed = new TreeMap<>();
        Set<String> there = new HashSet<>();
        for (RelayPlace place : fleet.lock().places()) {
            there.add(place.id());
            RelayPlace old = before.get(place.id());
            if (!place.host().equals(fleet.host()) && (old == null || !place.isSamePlace(old))) {
                changed.merge(place.host(), 1, Integer::sum);
            }
            if (old != null && !old.host().equals(place.host()) && place.host().equals(fleet.host())) {
                steps.add(new Step(
                        Kind.MOVE,
                        place.id(),
                        "from host " + old.host() + ": bring its keys along, relays/" + place.id()
                                + "/keys, or it is a new relay to the network"));
            }
        }
        before.values().stream()
                .filter(old -> !there.contains(old.id()) && !old.host().equals(fleet.host()))
                .forEach(old -> changed.merge(old.host(), 1, Integer::sum));
        changed.forEach((host, relays) -> steps.add(
                new Step(Kind.ELSEWHERE, "", relays(relays) + " of host " + host + " to change; apply there too")));
    }

    private List<String> notes(FleetSpec before, FleetSpec now, List<Change> changes, Set<String> relaysWithKeys) {
        Set<String> uploading = new HashSet<>();
        int created = 0;
        int known = 0;
        int moved = 0;
        int removed = 0;
        for (Change change : changes) {
            if (change instanceof Change.Add(var spec)) {
                created++;
                known += relaysWithKeys.contains(spec.id()) ? 1 : 0;
            } else if (change instanceof Change.Remove) {
                removed++;
            } else if (change instanceof Change.Update(var spec, List<String> keys)
                    && keys.stream().anyMatch(DESCRIPTOR_KEYS::contains)) {
                uploading.add(spec.id());
                moved += keys.stream().anyMatch(Reload.PLACE_KEYS::contains) ? 1 : 0;
            }
        }
        Set<String> after = new HashSet<>();
        now.relays().forEach(relay -> after.add(relay.id()));
        if (created + removed > 0) {
            // The list of the family is part of each descriptor.
            before.relays().stream()
                    .filter(relay -> relay.family().together() && after.contains(relay.id()))
                    .forEach(relay -> uploading.add(relay.id()));
        }
        List<String> notes = new ArrayList<>();
        if (created > known) {
            notes.add("new identities of " + relays(created - known)
                    + ": authorities measure them within days, full use takes weeks");
        }
        if (known > 0) {
            notes.add(relays(known) + " with keys from before");
        }
        if (moved > 0) {
            // C tor's rephist: an address that changed counts as a moment of being down.
            notes.add(relays(moved) + (moved == 1 ? " moves" : " move")
                    + ": flags and weight go with the identity; authorities test the new place first, and count the"
                    + " move as an interruption, which Stable may feel for days");
        }
        if (!uploading.isEmpty()) {
            notes.add("a new descriptor of " + relays(uploading.size()) + " that run is uploaded");
        }
        notes.add(removed == 0 ? "no stream is cut" : "the streams of " + relays(removed) + " are cut");
        return notes;
    }

    static String relays(int count) {
        return count == 1 ? "1 relay" : count + " relays";
    }
}
