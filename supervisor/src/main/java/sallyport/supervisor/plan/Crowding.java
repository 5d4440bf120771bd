package sallyport.supervisor.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import sallyport.supervisor.assignment.Lock;
import sallyport.supervisor.assignment.RelayPlace;

/// Addresses with more relays than the authorities list, who say nothing to the others.
final class Crowding {
    private Crowding() {}

    /// A warning for each.
    ///
    /// @param limit the consensus's `AuthDirMaxServersPerAddr`; 0: any number; empty where it is not known
    static List<String> warnings(Lock lock, OptionalInt limit) {
        List<String> warnings = new ArrayList<>();
        if (limit.isEmpty() || limit.getAsInt() == 0) {
            return warnings;
        }
        Map<String, Integer> relays = new TreeMap<>();
        for (RelayPlace place : lock.places()) {
            place.addresses().all().forEach(address -> relays.merge(address, 1, Integer::sum));
        }
        relays.forEach((address, count) -> {
            if (count > limit.getAsInt()) {
                warnings.add(address + " has " + Planner.relays(count) + ", and the consensus has room for "
                        + limit.getAsInt() + " on an address (AuthDirMaxServersPerAddr): "
                        + (count - limit.getAsInt())
                        + " will not be listed; give them another address in groups.NAME.relays, or take them out with"
                        + " groups.NAME.skip");
            }
        });
        return warnings;
    }
}
