package sallyport.lab.vote;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an authority votes for (dir-spec 3.4.1).
///
/// @param methods the consensus methods it supports
/// @param clientVersions recommended ones, separated by commas; null where it recommends none
/// @param serverVersions the same for relays
/// @param protocols lists by keyword, such as `required-relay-protocols`
/// @param packages the values of the `package` lines
/// @param knownFlags the flags it decides about, in order
/// @param parameters in the order of their lines
/// @param remarks lines for whoever watches the network
/// @param entries in the order of their identities
public record Ballot(
        Voter voter,
        Instant published,
        VoteTimes times,
        Set<Integer> methods,
        @Nullable String clientVersions,
        @Nullable String serverVersions,
        Map<String, String> protocols,
        List<String> packages,
        List<String> knownFlags,
        Map<String, Integer> parameters,
        SharedRandom random,
        VoteRemarks remarks,
        List<VoteEntry> entries) {

    /// The keywords of lists of protocols, in the order of a consensus.
    static final List<String> PROTOCOL_KEYWORDS = List.of(
            "recommended-client-protocols",
            "recommended-relay-protocols",
            "required-client-protocols",
            "required-relay-protocols");

    /// Whether any of its entries is measured.
    boolean measuresBandwidth() {
        return entries.stream().anyMatch(entry -> entry.measuredKb() != null);
    }
}
