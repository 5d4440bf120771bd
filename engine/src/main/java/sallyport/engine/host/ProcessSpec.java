package sallyport.engine.host;

/// What the operator says about the process as a whole.
///
/// @param memoryInQueuesMaxBytes what all relays together may hold in queues (C tor's `MaxMemInQueues`); 0: derived
/// from
/// what the JVM may take
public record ProcessSpec(long memoryInQueuesMaxBytes) {
    public static final ProcessSpec DEFAULT = new ProcessSpec(0);
}
