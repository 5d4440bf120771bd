package sallyport.supervisor.config;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// Other nicknames for a time. Relays stay who they are: keys, ids, places and the lock do not change.
///
/// @param nicknames by id of the relay
/// @param end when the relays have their own names again
public record Campaign(String name, Map<String, String> nicknames, Instant start, Instant end) {
    public Campaign {
        nicknames = new TreeMap<>(nicknames);
    }

    /// Whether its names hold.
    public boolean isInForce(Instant now) {
        return !now.isBefore(start) && now.isBefore(end);
    }

    /// Whether there is a time at which both are in force.
    boolean overlaps(Campaign other) {
        return start.isBefore(other.end) && other.start.isBefore(end);
    }
}
