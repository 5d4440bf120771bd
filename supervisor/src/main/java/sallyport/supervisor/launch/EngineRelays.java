package sallyport.supervisor.launch;

import java.util.List;
import sallyport.engine.host.EngineHost;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceStatus;
import sallyport.supervisor.fleet.Relays;

/// The relays of the real engine.
record EngineRelays(EngineHost host) implements Relays {
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
