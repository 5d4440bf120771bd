package sallyport.supervisor.config;

import java.util.LinkedHashMap;
import java.util.Map;

/// Which key of the file takes the place of which parameter that the authorities vote (param-spec, dos-spec).
public final class OwnParameters {
    private static final Map<String, String> BY_KEY = new LinkedHashMap<>();

    static {
        BY_KEY.put("dos.circuits.limit", "DoSCircuitCreationEnabled");
        BY_KEY.put("dos.circuits.rate", "DoSCircuitCreationRate");
        BY_KEY.put("dos.circuits.burst", "DoSCircuitCreationBurst");
        BY_KEY.put("dos.circuits.min-connections", "DoSCircuitCreationMinConnections");
        BY_KEY.put("dos.circuits.defense", "DoSCircuitCreationDefenseType");
        BY_KEY.put("dos.circuits.defense-period", "DoSCircuitCreationDefenseTimePeriod");
        BY_KEY.put("dos.connections.limit", "DoSConnectionEnabled");
        BY_KEY.put("dos.connections.max", "DoSConnectionMaxConcurrentCount");
        BY_KEY.put("dos.connections.rate", "DoSConnectionConnectRate");
        BY_KEY.put("dos.connections.burst", "DoSConnectionConnectBurst");
        BY_KEY.put("dos.connections.defense", "DoSConnectionDefenseType");
        BY_KEY.put("dos.connections.defense-period", "DoSConnectionConnectDefenseTimePeriod");
        BY_KEY.put("dos.streams.limit", "DoSStreamCreationEnabled");
        BY_KEY.put("dos.streams.rate", "DoSStreamCreationRate");
        BY_KEY.put("dos.streams.burst", "DoSStreamCreationBurst");
        BY_KEY.put("dos.streams.defense", "DoSStreamCreationDefenseType");
        BY_KEY.put("dos.refuse-single-hop-rendezvous", "DoSRefuseSingleHopClientRendezvous");
        BY_KEY.put("process.conflux", "cfx_enabled");
        BY_KEY.put("process.refuse-unknown-exits", "refuseunknownexits");
        BY_KEY.put("process.onion-queue-delay-max", "MaxOnionQueueDelay");
        BY_KEY.put("process.circuit-priority-halflife", "CircuitPriorityHalflifeMsec");
        BY_KEY.put("process.consensus-diff-age-max", "max-consensus-age-to-cache-for-diff");
    }

    private OwnParameters() {}

    /// The parameter that a key, with its sections, takes the place of.
    static String of(String key) {
        String parameter = BY_KEY.get(key);
        if (parameter == null) {
            throw new IllegalStateException(key + " is nobody's");
        }
        return parameter;
    }

    /// The key that takes the place of a parameter.
    public static String keyOf(String parameter) {
        return BY_KEY.entrySet().stream()
                .filter(entry -> entry.getValue().equals(parameter))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no key for " + parameter));
    }
}
