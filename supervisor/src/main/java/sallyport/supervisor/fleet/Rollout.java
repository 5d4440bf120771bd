package sallyport.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceState;
import sallyport.supervisor.config.ApplySpec;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.fleet.RolloutProgress.Phase;

/// Takes a running fleet to a new configuration, a batch of relays at a time, each only when the one
/// before is healthy:
///
/// 1. What changes without anybody noticing changes at once: settings of the process, contacts, policies.
/// 2. Relays that leave drain, all of them at the same time, and are removed: what comes may want their
/// addresses. 3. Relays that are on their way as it is are waited for. 4. Relays that had failed, move,
/// or are new come in batches.
///
/// Healthy is who is published, or, while no consensus is known, who listens. The first batch that has a
/// relay which failed, or which is not healthy in time, ends it: what was done stays, the rest stays as
/// it was. A new rollout to the same configuration goes on from there. Steps are the caller's; used by
/// one thread, the fleet's.
public final class Rollout {
    // The host ends a drain at its limit; removing takes a moment more.
    private static final Duration DRAIN_SLACK = Duration.ofSeconds(30);
    // In a line: who wants them all reads the answer of the control socket.
    private static final int NAMED_MAX = 3;

    private final Fleet fleet;
    private final ApplySpec pace;
    private final long attempt;
    private final int state;
    // Who was broken before, until it is tried again.
    private final Set<String> excused = new HashSet<>();
    private final List<InstanceSpec> leaving = new ArrayList<>();
    private final List<List<Change>> batches = new ArrayList<>();
    private int batch;
    private long begunNanos;
    private volatile RolloutProgress progress;

    /// Begins it.
    ///
    /// @param attempt and `state` as [RolloutProgress] has them
    public Rollout(Fleet fleet, FleetSpec wanted, ApplySpec pace, long attempt, int state, long nowNanos)
            throws InterruptedException {
        this.fleet = fleet;
        this.pace = pace;
        this.attempt = attempt;
        this.state = state;
        List<Change> onTheirWay = new ArrayList<>();
        List<Change> coming = new ArrayList<>();
        for (Change change : fleet.begin(wanted)) {
            switch (change) {
                case Change.Remove(InstanceSpec spec) -> leaving.add(spec);
                case Change.Await _ -> onTheirWay.add(change);
                default -> coming.add(change);
            }
        }
        fleet.states().forEach((id, was) -> {
            if (was instanceof InstanceState.Failed || was instanceof InstanceState.Quarantined) {
                excused.add(id);
            }
        });
        if (!onTheirWay.isEmpty()) {
            batches.add(onTheirWay);
        }
        int size = pace.batchOf(wanted.relays().size());
        for (int i = 0; i < coming.size(); i += size) {
            batches.add(coming.subList(i, Math.min(coming.size(), i + size)));
        }
        for (InstanceSpec spec : leaving) {
            fleet.drain(spec.id(), pace.drainWithin());
        }
        begunNanos = nowNanos;
        progress = draining(List.of());
        if (leaving.isEmpty()) {
            beginBatch(nowNanos);
        }
    }

    /// As it stands. From any thread.
    public RolloutProgress progress() {
        return progress;
    }

    /// Looks whether the next thing can be done, and does it.
    public void step(long nowNanos) throws InterruptedException {
        switch (progress.phase()) {
            case DRAINING -> awaitDrained(nowNanos);
            case AT_WORK -> awaitBatch(nowNanos);
            case DONE, HALTED -> {}
        }
    }

    private void awaitDrained(long nowNanos) throws InterruptedException {
        Map<String, InstanceState> states = fleet.states();
        List<String> open = leaving.stream()
                .map(InstanceSpec::id)
                .filter(id -> states.containsKey(id) && !states.get(id).isOver())
                .toList();
        boolean late =
                nowNanos - begunNanos > pace.drainWithin().plus(DRAIN_SLACK).toNanos();
        if (!open.isEmpty() && !late) {
            progress = draining(open);
            return;
        }
        for (InstanceSpec spec : leaving) {
            fleet.apply(new Change.Remove(spec));
        }
        beginBatch(nowNanos);
    }

    private void beginBatch(long nowNanos) throws InterruptedException {
        begunNanos = nowNanos;
        if (batch == batches.size()) {
            progress = at(Phase.DONE, List.of(), batches.isEmpty() ? "all relays follow" : "all batches are healthy");
            fleet.log().info("", "reload: done, " + progress.text());
            return;
        }
        batch++;
        fleet.log().info("", "reload: " + name() + ": " + some(ids()));
        List<String> refused = new ArrayList<>();
        for (Change change : batches.get(batch - 1)) {
            List<String> those = idsOf(change);
            those.forEach(excused::remove);
            if (!fleet.apply(change)) {
                refused.add(String.join(" or ", those) + " cannot listen at its new place, the log says why");
            }
        }
        progress = at(Phase.AT_WORK, ids(), name() + ": " + some(ids()));
        if (!refused.isEmpty()) {
            halt(refused);
        }
    }

    private void awaitBatch(long nowNanos) throws InterruptedException {
        Map<String, InstanceState> states = fleet.states();
        List<String> broken = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        states.forEach((id, now) -> {
            switch (now) {
                case InstanceState.Failed(String why)
                when !excused.contains(id) -> broken.add(id + " has failed: " + why);
                case InstanceState.Quarantined(String why)
                when !excused.contains(id) -> broken.add(id + " is quarantined: " + why);
                default -> {
                    if (ids().contains(id) && !fleet.isHealthy(id, now)) {
                        waiting.add(id + " is " + now.word());
                    }
                }
            }
        });
        long passed = nowNanos - begunNanos;
        if (!broken.isEmpty()) {
            halt(broken);
        } else if (waiting.isEmpty()) {
            fleet.log().info("", "reload: " + name() + " is healthy after " + seconds(passed));
            beginBatch(nowNanos);
        } else if (passed > pace.batchLimit().toNanos()) {
            halt(waiting.stream()
                    .map(each -> each + " after " + seconds(passed))
                    .toList());
        } else {
            int healthy = ids().size() - waiting.size();
            progress = at(
                    Phase.AT_WORK,
                    waiting,
                    name() + ": " + healthy + " of " + ids().size() + " healthy; " + some(waiting));
        }
    }

    private void halt(List<String> why) {
        int left = batches.subList(batch, batches.size()).stream()
                .mapToInt(List::size)
                .sum();
        progress = at(
                Phase.HALTED,
                why,
                name() + " is not healthy: " + some(why)
                        + (left == 0
                                ? ""
                                : "; " + relays(left) + " after it " + (left == 1 ? "stays" : "stay") + " as before"));
        fleet.log().error("", "reload: " + progress.text());
    }

    private RolloutProgress draining(List<String> open) {
        String limit = ", " + pace.drainWithin().toSeconds() + " s at most";
        return new RolloutProgress(
                attempt,
                state,
                Phase.DRAINING,
                0,
                batches.size(),
                leaving.stream().map(InstanceSpec::id).toList(),
                open,
                relays(leaving.size()) + (leaving.size() == 1 ? " drains" : " drain") + limit);
    }

    private RolloutProgress at(Phase phase, List<String> waiting, String text) {
        return new RolloutProgress(
                attempt, state, phase, batch, batches.size(), batch == 0 ? List.of() : ids(), waiting, text);
    }

    private String name() {
        return "batch " + batch + " of " + batches.size();
    }

    private List<String> ids() {
        return batches.get(batch - 1).stream()
                .flatMap(change -> idsOf(change).stream())
                .toList();
    }

    private static List<String> idsOf(Change change) {
        return switch (change) {
            case Change.Add(InstanceSpec spec) -> List.of(spec.id());
            case Change.Again(InstanceSpec spec) -> List.of(spec.id());
            case Change.Await(String relay) -> List.of(relay);
            case Change.Remove(InstanceSpec spec) -> List.of(spec.id());
            case Change.Update(InstanceSpec spec, List<String> _) -> List.of(spec.id());
            case Change.Exchange(List<Change.Update> moves) ->
                moves.stream().map(move -> move.spec().id()).toList();
            case Change.Process _ -> List.of();
            case Change.Restart(String relay, List<String> _) -> List.of(relay);
        };
    }

    private static String some(List<String> all) {
        String named = String.join(", ", all.subList(0, Math.min(NAMED_MAX, all.size())));
        return all.size() > NAMED_MAX ? named + " and " + (all.size() - NAMED_MAX) + " more" : named;
    }

    private static String relays(int count) {
        return count == 1 ? "1 relay" : count + " relays";
    }

    private static String seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos) + " s";
    }
}
