package sallyport.engine.host;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import sallyport.engine.limits.Sharing;
import sallyport.engine.world.Workers;

/// What the process has for all of its relays, at one moment.
///
/// @param memoryBytesHeld in queues of all relays, known to within a quantum each
/// @param fdsMax sockets that links and exit connections may have
/// @param fdsFree of those for whoever comes first
/// @param circuitsFree as of FDs
/// @param workersWaiting works that no thread has begun
/// @param readingShort whether relays want to read more than all of them may
/// @param writingShort the same of writing
/// @param sharing how they share it
/// @param directoryCacheMaxBytes on disk
/// @param consensusValidAfter of the newest verified consensus, live or not; empty before the first
/// @param consensusValidUntil as above
public record HostReport(
        long memoryBytesHeld,
        long memoryBytesMax,
        int fdsMax,
        int fdsFree,
        int circuitsMax,
        int circuitsFree,
        int loops,
        Map<Workers.Kind, Integer> workersWaiting,
        boolean readingShort,
        boolean writingShort,
        Sharing sharing,
        long directoryCacheMaxBytes,
        Optional<Instant> consensusValidAfter,
        Optional<Instant> consensusValidUntil) {
    public HostReport {
        workersWaiting = Map.copyOf(workersWaiting);
    }
}
