package sallyport.engine.host;

import java.util.Map;

/// What the operator says about the process as a whole.
///
/// @param memoryInQueuesMaxBytes what all relays together may hold in queues (C tor's `MaxMemInQueues`); 0: derived
/// from what the JVM may take
/// @param ownParameters what is set instead of what the authorities vote, by the names of the consensus' parameters
public record ProcessSpec(long memoryInQueuesMaxBytes, Map<String, Integer> ownParameters) {
    public static final ProcessSpec DEFAULT = new ProcessSpec(0, Map.of());

    public ProcessSpec {
        ownParameters = Map.copyOf(ownParameters);
    }

    /// The same with other numbers of its own.
    public ProcessSpec withOwnParameters(Map<String, Integer> own) {
        return new ProcessSpec(memoryInQueuesMaxBytes, own);
    }
}
