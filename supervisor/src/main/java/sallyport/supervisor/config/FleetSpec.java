package sallyport.supervisor.config;

import java.nio.file.Path;
import java.util.List;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.instance.InstanceSpec;

/// What a configuration file asks for: all relays of one process. Every default is filled in, every value checked.
///
/// @param dataDirectory absolute; one running process owns it
/// @param run how the process goes about it
/// @param relays in the file's order, at least one
public record FleetSpec(
        Path dataDirectory, NetworkSpec network, ProcessSpec process, RunSpec run, List<InstanceSpec> relays) {
    public FleetSpec {
        relays = List.copyOf(relays);
    }

    /// The same with other relays.
    public FleetSpec withRelays(List<InstanceSpec> others) {
        return new FleetSpec(dataDirectory, network, process, run, others);
    }

    /// The same, run otherwise.
    public FleetSpec runAs(RunSpec other) {
        return new FleetSpec(dataDirectory, network, process, other, relays);
    }

    /// The same in another process.
    public FleetSpec withProcess(ProcessSpec other) {
        return new FleetSpec(dataDirectory, network, other, run, relays);
    }
}
