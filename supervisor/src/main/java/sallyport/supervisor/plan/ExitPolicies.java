package sallyport.supervisor.plan;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.PublishedPorts;
import sallyport.supervisor.config.FleetSpec;

/// What the network will make of the exit policies of a fleet.
final class ExitPolicies {
    private ExitPolicies() {}

    /// The ports that clients will see, once for all relays that have the same.
    static List<String> notes(FleetSpec fleet) {
        Map<String, Integer> relays = new TreeMap<>();
        for (InstanceSpec relay : fleet.relays()) {
            PublishedPorts ports = ports(fleet, relay);
            if (ports.isExit()) {
                relays.merge(ports.toString(), 1, Integer::sum);
            }
        }
        return relays.entrySet().stream()
                .map(entry ->
                        "exit policy as clients see it, of " + Planner.relays(entry.getValue()) + ": " + entry.getKey())
                .toList();
    }

    /// Exits that will not be used as such.
    static List<String> warnings(FleetSpec fleet) {
        List<String> flagless = fleet.relays().stream()
                .filter(relay -> ports(fleet, relay).isExit())
                .filter(relay -> !ports(fleet, relay).deservesExitFlag())
                .map(InstanceSpec::id)
                .toList();
        return flagless.isEmpty()
                ? List.of()
                : List.of("the policy of " + Planner.relays(flagless.size()) + ", " + flagless.getFirst()
                        + (flagless.size() == 1 ? "" : " and others")
                        + ", gets no flag Exit: that needs ports 80 and 443 of a whole /8 each");
    }

    private static PublishedPorts ports(FleetSpec fleet, InstanceSpec relay) {
        return PublishedPorts.of(relay, fleet.network().testing());
    }
}
