package sallyport.engine.descriptor;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How far a relay has come with the authorities. An immutable snapshot.
/// @param published the moment its newest descriptor names; null before the first
/// @param accepted how many authorities hold that one
/// @param authorities how many were asked
/// @param flags what the newest live consensus says of the relay, sorted; empty while it is not listed
public record PublisherStatus(@Nullable Instant published, int accepted, int authorities, Set<String> flags) {
    /// Nothing published yet.
    static final PublisherStatus NONE = new PublisherStatus(null, 0, 0, Set.of());

    public PublisherStatus {
        flags = java.util.Collections.unmodifiableSet(new java.util.TreeSet<>(flags));
    }

    /// Whether the newest live consensus names the relay.
    public boolean isListed() {
        return !flags.isEmpty();
    }
}
