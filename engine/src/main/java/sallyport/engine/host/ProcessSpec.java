package sallyport.engine.host;

import java.util.Map;
import sallyport.engine.instance.HouseRules;

/// What the operator says about the process as a whole.
///
/// @param memoryInQueuesMaxBytes what all relays together may hold in queues (C tor's `MaxMemInQueues`); 0: derived
/// from what the JVM may take
/// @param resolver whom exits ask for names
/// @param ownParameters what is set instead of what the authorities vote, by the names of the consensus' parameters
/// @param rules what every relay keeps to
public record ProcessSpec(
        long memoryInQueuesMaxBytes, ResolverSpec resolver, Map<String, Integer> ownParameters, HouseRules rules) {
    public static final ProcessSpec DEFAULT = new ProcessSpec(0, ResolverSpec.SYSTEM, Map.of(), HouseRules.DEFAULT);

    public ProcessSpec {
        ownParameters = Map.copyOf(ownParameters);
    }

    /// The same with the memory of another one, which no running process changes.
    public ProcessSpec withMemoryOf(ProcessSpec other) {
        return new ProcessSpec(other.memoryInQueuesMaxBytes, resolver, ownParameters, rules);
    }
}
