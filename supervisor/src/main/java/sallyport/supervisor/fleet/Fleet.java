package sallyport.supervisor.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.world.Log;
import sallyport.supervisor.config.FleetSpec;

/// The relays of the process and what they are at the moment. Used by one thread at a time.
public final class Fleet {
    private final Relays relays;
    private final Log log;
    private final Map<String, InstanceSpec> running = new LinkedHashMap<>();
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
    /// at the next reload. A relay that could not start is tried again.
    public void reload(FleetSpec wanted) throws InterruptedException {
        List<Change> changes = Reload.between(running(), wanted);
        for (Change change : changes) {
            apply(change);
        }
        if (changes.isEmpty()) {
            log.info("", "reload: the configuration has not changed");
        }
        spec = spec.runAs(wanted.run().withMetricsOf(spec.run()));
        // Changed or not: the system's name servers may have.
        relays.update(spec.process());
        startFailedAgain();
        relays.reloadKeys();
        log.info("", "reload: the keys were read again");
    }

    /// Has all relays accept nothing new, for they are about to stop.
    public void acceptNothingNew() {
        relays.acceptNothingNew();
    }

    /// Whether no relay has a circuit.
    public boolean isIdle() {
        return relays.status().stream().allMatch(status -> status.openCircuits() == 0);
    }

    /// Whether no relay runs, none is about to, and nobody wanted that: a relay that was stopped may be started again.
    public boolean hasFailed() {
        return relays.status().stream()
                .allMatch(status -> status.state() instanceof InstanceState.Failed
                        || status.state() instanceof InstanceState.Quarantined);
    }

    private FleetSpec running() {
        spec = spec.withRelays(List.copyOf(running.values()));
        return spec;
    }

    private void apply(Change change) throws InterruptedException {
        switch (change) {
            case Change.Add(InstanceSpec added) -> {
                running.put(added.id(), added);
                log.info(added.id(), "reload: the relay is new and starts");
                relays.start(added);
            }
            case Change.Remove(InstanceSpec removed) -> {
                running.remove(removed.id());
                log.info(removed.id(), "reload: the relay is no longer in the configuration and stops; its keys stay");
                relays.remove(removed.id());
            }
            case Change.Update(InstanceSpec updated, List<String> _) -> {
                UpdateOutcome outcome = relays.update(updated);
                running.put(updated.id(), outcome.now());
                outcome.applied().forEach(key -> log.info(updated.id(), "reload: " + key + " took effect"));
                outcome.waitingForRestart().forEach(key -> waits(updated.id(), key));
            }
            case Change.Process(ProcessSpec process, List<String> keys) -> {
                spec = spec.withProcess(process);
                keys.forEach(key -> log.info("", "reload: " + key + " took effect"));
            }
            case Change.Restart(String relay, List<String> keys) -> keys.forEach(key -> waits(relay, key));
        }
    }

    private void waits(String relay, String key) {
        log.warn(relay, "reload: " + key + " waits for a restart of the process; the old value stays");
    }

    private void startFailedAgain() throws InterruptedException {
        for (InstanceStatus status : relays.status()) {
            InstanceSpec failed = running.get(status.id());
            if (status.state() instanceof InstanceState.Failed && failed != null) {
                log.info(status.id(), "reload: the relay had failed and starts again");
                relays.remove(status.id());
                relays.start(failed);
            }
        }
    }
}
