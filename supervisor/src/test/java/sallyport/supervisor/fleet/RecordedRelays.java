package sallyport.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.host.UpdateOutcome;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceStatus;

/// Relays that do as they are told at once, and write down what they were told. What a test wants otherwise it
/// overrides.
class RecordedRelays implements Relays {
    final List<String> events = new ArrayList<>();

    /// What was told since the last time.
    List<String> drain() {
        List<String> all = List.copyOf(events);
        events.clear();
        return all;
    }

    @Override
    public void start(InstanceSpec spec) {
        events.add("start " + spec.id());
    }

    @Override
    public UpdateOutcome update(InstanceSpec spec) {
        events.add("update " + spec.id());
        return new UpdateOutcome(List.of(), List.of(), spec);
    }

    @Override
    public void remove(String id) {
        events.add("remove " + id);
    }

    @Override
    public void drain(String id, Duration limit) {
        events.add("drain " + id + " " + limit.toSeconds());
    }

    @Override
    public void start(String id) {
        events.add("go on " + id);
    }

    @Override
    public boolean knowNetwork() {
        return true;
    }

    @Override
    public void update(ProcessSpec process) {}

    @Override
    public void acceptNothingNew() {}

    @Override
    public void reloadKeys() {}

    @Override
    public List<InstanceStatus> status() {
        return List.of();
    }
}
