package sallyport.engine.host;

import java.util.Map;
import sallyport.engine.dircache.DirectoryCache;
import sallyport.engine.instance.HouseRules;
import sallyport.engine.limits.Sharing;

/// What the operator says about the process as a whole.
///
/// @param memoryInQueuesMaxBytes what all relays together may hold in queues (C tor's `MaxMemInQueues`);
/// 0: derived from what the JVM may take
/// @param directoryCacheMaxBytes what compressed consensuses and diffs for clients may have on disk
/// @param resolver whom exits ask for names
/// @param ownParameters what is set instead of what the authorities vote, by the names of the consensus'
/// parameters
/// @param rules what every relay keeps to
/// @param sharing how relays share what the process has
/// @param startsAtOnce how many relays read keys and open ports at a time, and how many test that they
/// can be reached
public record ProcessSpec(
        long memoryInQueuesMaxBytes,
        long directoryCacheMaxBytes,
        ResolverSpec resolver,
        Map<String, Integer> ownParameters,
        HouseRules rules,
        Sharing sharing,
        int startsAtOnce) {
    // Ours: a few for each core of a usual machine. Starting and testing one takes a second or two.
    public static final int STARTS_AT_ONCE = 16;

    public static final ProcessSpec DEFAULT = new ProcessSpec(
            0,
            DirectoryCache.DISK_BYTES_MAX,
            ResolverSpec.SYSTEM,
            Map.of(),
            HouseRules.DEFAULT,
            Sharing.DEFAULT,
            STARTS_AT_ONCE);

    public ProcessSpec {
        ownParameters = Map.copyOf(ownParameters);
    }

    /// The same with those values of another one that no running process changes.
    public ProcessSpec withFixedOf(ProcessSpec other) {
        return new ProcessSpec(
                other.memoryInQueuesMaxBytes,
                other.directoryCacheMaxBytes,
                resolver,
                ownParameters,
                rules,
                sharing,
                other.startsAtOnce);
    }
}
