package sallyport.engine.dircache;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import sallyport.engine.netdoc.Flavor;

/// What lies ready of one flavor: the newest consensus, and the diffs that lead to it. Immutable.
///
/// @param digest SHA3-256 of its signed part, upper-case hex
/// @param signers authorities that signed it, 40 upper-case hex digits each
/// @param diffsFrom digests of the consensuses from which a diff is there
record Shelf(
        Flavor flavor,
        Instant validAfter,
        Instant freshUntil,
        Instant validUntil,
        String digest,
        List<String> signers,
        Set<String> diffsFrom) {
    Shelf {
        signers = List.copyOf(signers);
        diffsFrom = Set.copyOf(diffsFrom);
    }

    ShelfName.Stored name() {
        return new ShelfName.Stored(flavor, validAfter, digest);
    }

    Shelf withDiffsFrom(Set<String> digests) {
        return new Shelf(flavor, validAfter, freshUntil, validUntil, digest, signers, digests);
    }
}
