package sallyport.lab.dirauth;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.lab.vote.SharedRandom;

/// The consensuses that an authority goes by: those of its own rounds and, where it missed one, what others
/// published. Told by the task that votes and by that which fetches.
final class LatestConsensuses {
    private final Map<Flavor, Consensus> latest = new EnumMap<>(Flavor.class);
    private Optional<SharedRandom> random = Optional.empty();

    /// Takes one that is believed.
    ///
    /// @return false where it is no later than the one we have
    synchronized boolean take(byte[] document, Consensus verified) throws Malformed {
        Consensus held = latest.get(verified.flavor());
        if (held != null && !verified.validAfter().isAfter(held.validAfter())) {
            return false;
        }
        if (verified.flavor() == Flavor.NS) {
            random = Optional.of(SharedRandom.ofConsensus(document));
        }
        latest.put(verified.flavor(), verified);
        return true;
    }

    /// The one with descriptors; null where there is none.
    synchronized @Nullable Consensus ns() {
        return latest.get(Flavor.NS);
    }

    /// The shared random values that it names.
    synchronized Optional<SharedRandom> random() {
        return random;
    }
}
