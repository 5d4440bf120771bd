package sallyport.engine.world;

/// What the machine and the JVM give to this process.
///
/// @param heapBytesMax the largest heap
/// @param directBytesMax the most that buffers beside the heap may take
/// @param fdsMax open FDs (RLIMIT_NOFILE)
public record Resources(long heapBytesMax, long directBytesMax, long fdsMax) {}
