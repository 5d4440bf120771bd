package sallyport.engine.descriptor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.Consensus;

/// Tells a relay that has moved from one whose keys another host uses, too. In both cases the consensus
/// names a place that is not ours; of the second kind it is
///
/// - when we have published nothing from our place yet, and somebody with our keys answers at the other one;
/// - when most authorities have had our descriptor since two consensuses ago: they name the newest that they have
///   (dir-spec 3.8 "Consensus, item 2"), so somebody published after us.
///
/// So nothing has to be remembered of former places: a move, a restart, a backup that is restored
/// elsewhere and keys that were brought from elsewhere are all of the first kind. Used by the publisher's
/// task alone.
final class Elsewhere {
    private static final int CONSENSUSES = 2;

    private final OwnKeysProbe probe;
    private @Nullable Instant asked;
    private @Nullable RelayAddress askedAt;

    Elsewhere(OwnKeysProbe probe) {
        this.probe = probe;
    }

    /// Whether another host runs with our keys, in words; null where nothing says so. Asks a place once a
    /// consensus.
    ///
    /// @param listed the places that it names, IPv4 first
    /// @param ours the places that we publish
    /// @param held of when our newest descriptor from here is that most authorities took; null before
    @Nullable
    String look(Consensus consensus, List<RelayAddress> listed, List<RelayAddress> ours, @Nullable Instant held)
            throws InterruptedException {
        if (listed.isEmpty() || listed.stream().anyMatch(ours::contains)) {
            return null;
        }
        RelayAddress place = listed.getFirst();
        String where = "the consensus of " + consensus.validAfter() + " lists it at " + place;
        if (held != null) {
            Duration interval = Duration.between(consensus.validAfter(), consensus.freshUntil());
            boolean ousted = consensus.validAfter().isAfter(held.plus(interval.multipliedBy(CONSENSUSES)));
            return ousted ? where + ", published there after " + held + ", when it was from here" : null;
        }
        if (consensus.validAfter().equals(asked) && place.equals(askedAt)) {
            return null;
        }
        asked = consensus.validAfter();
        askedAt = place;
        return probe.answersAt(place) ? where + ", and somebody with its keys answers there" : null;
    }
}
