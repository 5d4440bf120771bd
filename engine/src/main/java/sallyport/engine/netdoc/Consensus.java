package sallyport.engine.netdoc;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A consensus whose signatures and time were checked (dir-spec 3.4.1).
///
/// @param distSeconds seconds before `validAfter` at which the authorities begin to hand it out
/// @param bandwidthWeights how much a relay's bandwidth counts at which place of a path (dir-spec 3.8.3), of 10,000
///     unless `bwweightscale` says otherwise
/// @param relays in the order of their RSA digests, each once
public record Consensus(
        Flavor flavor,
        Instant validAfter,
        Instant freshUntil,
        Instant validUntil,
        int distSeconds,
        NetworkParameters parameters,
        NetworkParameters bandwidthWeights,
        List<RouterStatus> relays) {
    public Consensus {
        relays = List.copyOf(relays);
    }

    /// The entry of the relay with that RSA identity; null where none is listed.
    public @Nullable RouterStatus relay(byte[] rsaDigest) {
        int low = 0;
        int high = relays.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = relays.get(middle).compareIdentity(rsaDigest);
            if (order == 0) {
                return relays.get(middle);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /// Whether `now` lies between valid-after and valid-until.
    public boolean isLive(Instant now) {
        return !now.isBefore(validAfter) && !now.isAfter(validUntil);
    }
}
