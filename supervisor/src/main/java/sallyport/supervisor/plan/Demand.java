package sallyport.supervisor.plan;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.config.FleetSpec;

/// How much a host's relays ask of it.
///
/// @param relays of the host
/// @param exits those that let anything out
/// @param exitsOnAddress the most that connect to servers from one address
/// @param queueBytes what may wait in queues; 0: as the JVM's heap allows
record Demand(int relays, int exits, int exitsOnAddress, long queueBytes) {
    static Demand of(FleetSpec fleet) {
        Map<List<InetAddress>, Integer> sources = new HashMap<>();
        int exits = 0;
        for (InstanceSpec relay : fleet.relays()) {
            if (!relay.exit().policy().equals(List.of("reject *:*"))) {
                exits++;
                // Where it is not said, the system takes the same for all.
                sources.merge(relay.outboundExit(), 1, Integer::sum);
            }
        }
        int most = sources.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return new Demand(fleet.relays().size(), exits, most, fleet.process().memoryInQueuesMaxBytes());
    }
}
