package sallyport.supervisor.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import sallyport.supervisor.assignment.Lock;

/// What a file with pools asks for, on all its hosts.
///
/// @param host whose process this is; empty when nobody said, and it was not needed
/// @param specs for each host its process, also for one without relays
/// @param lock the places of all relays
/// @param before what the lock file says; empty when there is none
/// @param lockFile beside the configuration
/// @param effective what the file says of each relay
/// @param text the whole configuration with nothing left open: no include, no substitution
public record PooledFleet(
        String host,
        NavigableMap<String, FleetSpec> specs,
        Lock lock,
        Lock before,
        Path lockFile,
        List<EffectiveRelay> effective,
        String text) {
    public PooledFleet {
        specs = new TreeMap<>(specs);
        effective = List.copyOf(effective);
    }

    /// How many relays each host has.
    public Map<String, Integer> relaysOfHosts() {
        Map<String, Integer> relays = new TreeMap<>();
        specs.forEach((name, spec) -> relays.put(name, spec.relays().size()));
        return relays;
    }
}
