package sallyport.engine.host;

import java.time.Instant;
import java.util.Optional;

/// What the process has for all of its relays, at one moment.
///
/// @param memoryBytesHeld in queues of all relays, known to within a quantum each
/// @param fdsMax sockets that links and exit connections may have
/// @param consensusValidAfter of the newest verified consensus, live or not; empty before the first
/// @param consensusValidUntil as above
public record HostReport(
        long memoryBytesHeld,
        long memoryBytesMax,
        int fdsMax,
        int circuitsMax,
        int loops,
        Optional<Instant> consensusValidAfter,
        Optional<Instant> consensusValidUntil) {}
