package sallyport.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.world.Log;
import sallyport.supervisor.config.FleetSpec;

/// The relays of the process and what they are at the moment. Used by one thread at a time.
public final class Fleet {
    // Ours: they are called back in the same turn; if we fail in between, they stop.
    private static final Duration EXCHANGE_LIMIT = Duration.ofMinutes(5);

    private final Relays relays;
    private final Log log;
    private final Map<String, InstanceSpec> running = new LinkedHashMap<>();
    // Those that a rollout drains, to remove them then.
    private final Set<String> leaving = new HashSet<>();
    private FleetSpec spec;

    public Fleet(FleetSpec spec, Relays relays, Log log) {
        this.spec = spec;
        this.relays = relays;
        this.log = log;
    }

    public void start() {
        for (InstanceSpec relay : spec.relays()) {
            running.put(relay.id(), relay);
            relays.start(relay);
        }
    }

    /// Takes over a new configuration and reads all keys again, without cutting a stream of a relay that
    /// stays; says of each change whether it took effect or waits for a restart. What waits is said again
    /// at the next reload. A relay that could not start is tried again. All at once; [Rollout] takes its
    /// time.
    public void reload(FleetSpec wanted) throws InterruptedException {
        List<Change> changes = Exchanges.among(Reload.between(running(), wanted), running);
        for (Change change : changes) {
            apply(change);
        }
        follow(wanted, changes.isEmpty());
        for (Change.Again again : failed()) {
            apply(again);
        }
        readKeys();
    }

    /// Does of a new configuration what no stream and no authority waits for, and returns the rest: what
    /// leaves, then what had failed or is still on its way, then what moves and comes.
    List<Change> begin(FleetSpec wanted) throws InterruptedException {
        callOff(wanted);
        List<Change> all = Exchanges.among(Reload.between(running(), wanted), running);
        List<Change> going = new ArrayList<>();
        List<Change> coming = new ArrayList<>();
        Set<String> changing = new HashSet<>();
        for (Change change : all) {
            switch (change) {
                case Change.Remove(InstanceSpec relay) -> {
                    going.add(change);
                    changing.add(relay.id());
                }
                case Change.Add _ -> coming.add(change);
                case Change.Update move
                when move.moves() -> {
                    coming.add(change);
                    changing.add(move.spec().id());
                }
                case Change.Exchange(List<Change.Update> moves) -> {
                    coming.add(change);
                    moves.forEach(move -> changing.add(move.spec().id()));
                }
                default -> apply(change);
            }
        }
        follow(wanted, all.isEmpty());
        readKeys();
        List<Change> later = new ArrayList<>(going);
        states().forEach((id, now) -> {
            InstanceSpec relay = running.get(id);
            if (relay == null || changing.contains(id)) {
                return;
            }
            if (now instanceof InstanceState.Failed) {
                later.add(new Change.Again(relay));
            } else if (isOnItsWay(now)) {
                later.add(new Change.Await(id));
            }
        });
        later.addAll(coming);
        return later;
    }

    private static boolean isOnItsWay(InstanceState now) {
        return now instanceof InstanceState.Starting
                || now instanceof InstanceState.Bootstrapping
                || now instanceof InstanceState.SelfTesting;
    }

    /// Whoever was to leave by an earlier configuration, and is in the new one, stays.
    private void callOff(FleetSpec wanted) throws InterruptedException {
        for (InstanceSpec relay : wanted.relays()) {
            if (leaving.remove(relay.id())) {
                log.info(relay.id(), "reload: it stays after all");
                relays.start(relay.id());
            }
        }
    }

    /// Has a relay let its circuits end, as one that will be removed.
    void drain(String id, Duration limit) throws InterruptedException {
        log.info(id, "reload: the relay is no longer in the configuration and drains");
        leaving.add(id);
        relays.drain(id, limit);
    }

    /// Whether a relay works as far as the network lets it.
    boolean isHealthy(String id, InstanceState now) {
        InstanceSpec relay = running.get(id);
        return switch (now) {
            case InstanceState.Starting _, InstanceState.Failed _, InstanceState.Quarantined _ -> false;
            case InstanceState.Bootstrapping _, InstanceState.SelfTesting _ ->
                relay == null || !relay.publishing().publishes() || !relays.knowNetwork();
            // Draining and stopped: the operator's doing, who knows why.
            case InstanceState.Published _,
                    InstanceState.Hibernating _,
                    InstanceState.Draining _,
                    InstanceState.Stopped _ -> true;
        };
    }

    /// The states of all relays, by id.
    Map<String, InstanceState> states() {
        Map<String, InstanceState> states = new LinkedHashMap<>();
        relays.status().forEach(status -> states.put(status.id(), status.state()));
        return states;
    }

    Log log() {
        return log;
    }

    /// Gives relays the names of these specs, and changes nothing else of them. Each publishes itself anew.
    public void rename(List<InstanceSpec> named) throws InterruptedException {
        for (InstanceSpec relay : named) {
            InstanceSpec now = running.get(relay.id());
            if (now != null && !now.nickname().equals(relay.nickname())) {
                InstanceSpec after = relays.update(now.named(relay.nickname())).now();
                running.put(relay.id(), after.named(relay.nickname()));
                log.info(relay.id(), "is " + relay.nickname() + " from now on, and was " + now.nickname());
            }
        }
    }

    /// Has all relays accept nothing new, for they are about to stop.
    public void acceptNothingNew() {
        relays.acceptNothingNew();
    }

    /// Whether no relay has a circuit.
    public boolean isIdle() {
        return relays.status().stream().allMatch(status -> status.openCircuits() == 0);
    }

    /// Whether no relay runs, none is about to, and nobody wanted that: a relay that was stopped may be
    /// started again.
    public boolean hasFailed() {
        return relays.status().stream()
                .allMatch(status -> status.state() instanceof InstanceState.Failed
                        || status.state() instanceof InstanceState.Quarantined);
    }

    private FleetSpec running() {
        spec = spec.withRelays(List.copyOf(running.values()));
        return spec;
    }

    /// Returns whether no relay had to stay at its old place.
    boolean apply(Change change) throws InterruptedException {
        switch (change) {
            case Change.Add(InstanceSpec added) -> {
                running.put(added.id(), added);
                log.info(added.id(), "reload: the relay is new and starts");
                relays.start(added);
            }
            case Change.Remove(InstanceSpec removed) -> {
                running.remove(removed.id());
                leaving.remove(removed.id());
                log.info(removed.id(), "reload: the relay is no longer in the configuration and stops; its keys stay");
                relays.remove(removed.id());
            }
            case Change.Update(InstanceSpec updated, List<String> _) -> {
                UpdateOutcome outcome = relays.update(updated);
                running.put(updated.id(), outcome.now());
                outcome.applied().forEach(key -> log.info(updated.id(), "reload: " + key + " took effect"));
                outcome.waitingForRestart().forEach(key -> waits(updated.id(), key));
                return outcome.now().orAddresses().equals(updated.orAddresses());
            }
            case Change.Process(ProcessSpec process, List<String> keys) -> {
                spec = spec.withProcess(process);
                keys.forEach(key -> log.info("", "reload: " + key + " took effect"));
            }
            case Change.Restart(String relay, List<String> keys) -> keys.forEach(key -> waits(relay, key));
            case Change.Again(InstanceSpec failed) -> {
                log.info(failed.id(), "reload: the relay had failed and starts again");
                relays.remove(failed.id());
                relays.start(failed);
            }
            case Change.Exchange(List<Change.Update> moves) -> {
                return exchange(moves);
            }
            case Change.Await _ -> {}
        }
        return true;
    }

    /// All of them close their ports, and only then does each listen at its new place. What is open goes
    /// on; who has no circuit starts anew.
    private boolean exchange(List<Change.Update> moves) throws InterruptedException {
        Map<String, InstanceState> before = states();
        List<String> open = moves.stream()
                .map(move -> move.spec().id())
                .filter(id -> {
                    InstanceState state = before.get(id);
                    return state != null && !state.isOver();
                })
                .toList();
        for (String id : open) {
            log.info(id, "reload: it takes the place of another relay, and is closed until that one has given it up");
            relays.drain(id, EXCHANGE_LIMIT);
        }
        boolean moved = true;
        for (Change.Update move : moves) {
            moved &= apply(move);
        }
        for (String id : open) {
            relays.start(id);
        }
        return moved;
    }

    private void waits(String relay, String key) {
        log.warn(relay, "reload: " + key + " waits for a restart of the process; the old value stays");
    }

    private void follow(FleetSpec wanted, boolean unchanged) {
        if (unchanged) {
            log.info("", "reload: the configuration has not changed");
        }
        spec = spec.runAs(wanted.run().withMetricsOf(spec.run())).during(wanted.campaigns());
        // Changed or not: the system's name servers may have.
        relays.update(spec.process());
    }

    private void readKeys() {
        relays.reloadKeys();
        log.info("", "reload: the keys were read again");
    }

    private List<Change.Again> failed() {
        List<Change.Again> failed = new ArrayList<>();
        for (InstanceStatus status : relays.status()) {
            InstanceSpec relay = running.get(status.id());
            if (status.state() instanceof InstanceState.Failed && relay != null) {
                failed.add(new Change.Again(relay));
            }
        }
        return failed;
    }
}
