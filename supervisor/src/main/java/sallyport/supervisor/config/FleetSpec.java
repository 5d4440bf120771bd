package sallyport.supervisor.config;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.instance.InstanceSpec;

/// What a configuration file asks for: all relays of one process. Every default is filled in, every value
/// checked.
///
/// @param dataDirectory absolute; one running process owns it
/// @param run how the process goes about it
/// @param relays in the file's order, at least one; under their own names
/// @param campaigns names that they have for a time
public record FleetSpec(
        Path dataDirectory,
        NetworkSpec network,
        ProcessSpec process,
        RunSpec run,
        List<InstanceSpec> relays,
        List<Campaign> campaigns) {
    public FleetSpec {
        relays = List.copyOf(relays);
        campaigns = List.copyOf(campaigns);
    }

    /// Without campaigns.
    public FleetSpec(
            Path dataDirectory, NetworkSpec network, ProcessSpec process, RunSpec run, List<InstanceSpec> relays) {
        this(dataDirectory, network, process, run, relays, List.of());
    }

    /// The same with other campaigns.
    public FleetSpec during(List<Campaign> others) {
        return new FleetSpec(dataDirectory, network, process, run, relays, others);
    }

    /// The same, each relay under the name that it has at that time.
    public FleetSpec at(Instant now) {
        Map<String, String> names = new HashMap<>();
        campaigns.stream()
                .filter(campaign -> campaign.isInForce(now))
                .forEach(campaign -> names.putAll(campaign.nicknames()));
        return names.isEmpty()
                ? this
                : withRelays(relays.stream()
                        .map(relay -> relay.named(names.getOrDefault(relay.id(), relay.nickname())))
                        .toList());
    }

    /// The same with other relays.
    public FleetSpec withRelays(List<InstanceSpec> others) {
        return new FleetSpec(dataDirectory, network, process, run, others, campaigns);
    }

    /// The same, run otherwise.
    public FleetSpec runAs(RunSpec other) {
        return new FleetSpec(dataDirectory, network, process, other, relays, campaigns);
    }

    /// The same in another process.
    public FleetSpec withProcess(ProcessSpec other) {
        return new FleetSpec(dataDirectory, network, other, run, relays, campaigns);
    }
}
