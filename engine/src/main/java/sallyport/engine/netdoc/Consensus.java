package sallyport.engine.netdoc;

import java.time.Instant;
import java.util.List;

/// A consensus whose signatures and time were checked (dir-spec 3.4.1).
///
/// @param distSeconds seconds before `validAfter` at which the authorities begin to hand it out
/// @param relays in the order of their RSA digests, each once
public record Consensus(
        Flavor flavor,
        Instant validAfter,
        Instant freshUntil,
        Instant validUntil,
        int distSeconds,
        NetworkParameters parameters,
        List<RouterStatus> relays) {
    public Consensus {
        relays = List.copyOf(relays);
    }

    /// Whether `now` lies between valid-after and valid-until.
    public boolean isLive(Instant now) {
        return !now.isBefore(validAfter) && !now.isAfter(validUntil);
    }
}
