package sallyport.supervisor.config;

import java.nio.file.Path;
import java.util.List;
import sallyport.engine.host.NetworkSpec;
import sallyport.engine.host.ProcessSpec;
import sallyport.engine.instance.InstanceSpec;

/// What a configuration file asks for: all relays of one process. Every default is filled in, every value checked.
///
/// @param dataDirectory absolute; one running process owns it
/// @param relays in the file's order, at least one
public record FleetSpec(Path dataDirectory, NetworkSpec network, ProcessSpec process, List<InstanceSpec> relays) {
    public FleetSpec {
        relays = List.copyOf(relays);
    }
}
