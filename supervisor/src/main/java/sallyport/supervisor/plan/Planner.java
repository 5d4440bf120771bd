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
    /// @param facts what is known beside the files
    public static Plan plan(
            String file, int base, Optional<FleetReading> applied, FleetReading wanted, PlanFacts facts) {
        return new Planner(file, base, applied, wanted).plan(facts);
    }

    private Plan plan(PlanFacts facts) {
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
        List<String> needs =
                new ArrayList<>(steps.isEmpty() ? List.of() : new Consequences(before, now, changes, facts).notes());
        needs.addAll(CampaignNotes.of(now, Instant.now()));
        if (facts.follows().isPresent() && facts.follows().getAsInt() != base) {
            needs.add("the running process follows state " + facts.follows().getAsInt() + ", and state " + base
                    + " is applied: applying takes it over, too");
        }
        if (!steps.isEmpty()) {
            needs.addAll(ExitPolicies.notes(now));
            warnings.addAll(FamilyWarnings.of(now, facts.withoutFamilyKey()));
            warnings.addAll(ExitPolicies.warnings(now));
            warnings.addAll(Crowding.warnings(fleet.lock(), ConsensusLimit.in(now.dataDirectory())));
            needs.addAll(new MachineNotes(facts.limits(), Demand.of(now), warnings).notes());
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

    static String relays(int count) {
        return count == 1 ? "1 relay" : count + " relays";
    }
}
