package sallyport.supervisor.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sallyport.engine.instance.InstanceSpec;

/// What a configuration file asks for.
///
/// @param spec the relays of this process; of a file with pools read for no host in particular, those of
/// all
/// @param effective what the file says of each relay
/// @param fleet what a file with pools says beyond; empty for a file with `relays`
public record FleetReading(FleetSpec spec, List<EffectiveRelay> effective, Optional<PooledFleet> fleet) {
    public FleetReading {
        effective = List.copyOf(effective);
    }

    /// The relay of that id, on whichever host.
    public Optional<InstanceSpec> relay(String id) {
        Stream<FleetSpec> specs =
                Stream.concat(Stream.of(spec), fleet.stream().flatMap(pooled -> pooled.specs().values().stream()));
        return specs.flatMap(process -> process.relays().stream())
                .filter(relay -> relay.id().equals(id))
                .findFirst();
    }
}
