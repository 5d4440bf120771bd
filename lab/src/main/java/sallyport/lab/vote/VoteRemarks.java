package sallyport.lab.vote;

import org.jspecify.annotations.Nullable;

/// Lines of a vote from which no consensus follows, for whoever watches the network (dir-spec 3.4.1): null
/// where the vote has none.
///
/// @param flagThresholds the value of `flag-thresholds`: what a relay needed for its flags
/// @param bandwidthFileHeaders the value of `bandwidth-file-headers`: whose measurements these are
/// @param bandwidthFileDigest the value of `bandwidth-file-digest`
public record VoteRemarks(
        @Nullable String flagThresholds,
        @Nullable String bandwidthFileHeaders,
        @Nullable String bandwidthFileDigest) {
    /// None of them.
    public static final VoteRemarks NONE = new VoteRemarks(null, null, null);
}
