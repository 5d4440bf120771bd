package sallyport.lab.dirauth;

import java.time.Instant;
import java.util.Map;
import sallyport.lab.roster.Roster;
import sallyport.lab.vote.Ballot;
import sallyport.lab.vote.SharedRandom;
import sallyport.lab.vote.VoteTimes;

/// Makes our ballot of each round.
@FunctionalInterface
interface Ballots {
    /// @param parameters of the last consensus
    Ballot make(Roster roster, VoteTimes times, SharedRandom random, Map<String, Integer> parameters, Instant now);
}
