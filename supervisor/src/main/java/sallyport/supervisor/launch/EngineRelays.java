package sallyport.supervisor.launch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import sallyport.engine.host.EngineHost;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.Refused;
import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceStatus;
import sallyport.supervisor.fleet.Relays;

/// The relays of the real engine.
///
/// @param clock by which a consensus is live
record EngineRelays(EngineHost host, InstantSource clock) implements Relays {
    @Override
    public void start(InstanceSpec spec) {
        host.start(spec);
    }

    @Override
    public UpdateOutcome update(InstanceSpec spec) throws InterruptedException {
        return host.update(spec);
    }

    @Override
    public void remove(String id) throws InterruptedException {
        host.remove(id);
    }

    @Override
    public void drain(String id, Duration limit) throws InterruptedException {
        try {
            host.drain(id, limit);
        } catch (Refused e) {
            // It is over, as it was to be.
        }
    }

    @Override
    public void start(String id) throws InterruptedException {
        try {
            host.start(id);
        } catch (Refused e) {
            // It runs, as it was to do.
        }
    }

    @Override
    public boolean knowNetwork() {
        return host.report()
                .consensusValidUntil()
                .filter(until -> until.isAfter(clock.instant()))
                .isPresent();
    }

    @Override
    public void update(ProcessSpec process) {
        host.update(process);
    }

    @Override
    public void acceptNothingNew() {
        host.acceptNothingNew();
    }

    @Override
    public void reloadKeys() {
        host.reloadKeys();
    }

    @Override
    public List<InstanceStatus> status() {
        return host.status();
    }
}
