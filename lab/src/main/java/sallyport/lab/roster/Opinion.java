package sallyport.lab.roster;

import java.util.List;
import sallyport.lab.vote.VoteEntry;

/// What an authority votes about relays.
///
/// @param knownFlags the flags it decides about, in order
/// @param flagThresholds the value of `flag-thresholds`
/// @param entries in the order of their identities
public record Opinion(List<String> knownFlags, String flagThresholds, List<VoteEntry> entries) {}
