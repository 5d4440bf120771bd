package sallyport.lab.dirauth;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sallyport.lab.roster.Opinion;
import sallyport.lab.roster.Roster;
import sallyport.lab.vote.Ballot;
import sallyport.lab.vote.ConsensusMethods;
import sallyport.lab.vote.SharedRandom;
import sallyport.lab.vote.VoteRemarks;
import sallyport.lab.vote.VoteTimes;
import sallyport.lab.vote.Voter;

/// Our ballots: what the roster says of relays, under what C tor 0.4.9.11 votes of itself.
///
/// @param identity SHA-1 of our v3 identity key
/// @param authorities fingerprints of the relays that authorities are, in upper-case hex
@SuppressWarnings("ArrayRecordComponent")
record OwnBallots(AuthoritySpec spec, byte[] identity, Set<String> authorities) implements Ballots {
    // As C tor 0.4.9.11 (protover.c), or a mixed network says no two of them alike.
    private static final Map<String, String> PROTOCOLS = Map.of(
            "recommended-client-protocols",
            "Cons=2 Desc=2 DirCache=2 FlowCtrl=1-2 HSDir=2 HSIntro=4 HSRend=2 Link=4-5 Microdesc=2 Relay=2-4",
            "recommended-relay-protocols",
            "Cons=2 Desc=2 DirCache=2 FlowCtrl=1-2 HSDir=2 HSIntro=4-5 HSRend=2 Link=4-5 LinkAuth=3 Microdesc=2"
                    + " Relay=2-4",
            "required-client-protocols",
            "Cons=2 Desc=2 FlowCtrl=1 Link=4 Microdesc=2 Relay=2",
            "required-relay-protocols",
            "Cons=2 Desc=2 DirCache=2 FlowCtrl=1-2 HSDir=2 HSIntro=4-5 HSRend=2 Link=4-5 LinkAuth=3 Microdesc=2"
                    + " Relay=2-4");

    private static final String SERVERS_PER_ADDRESS = "AuthDirMaxServersPerAddr";

    @Override
    public Ballot make(
            Roster roster, VoteTimes times, SharedRandom random, Map<String, Integer> parameters, Instant now) {
        Opinion opinion = roster.opinion(authorities, Map.of(), parameters, now);
        return new Ballot(
                voter(),
                now,
                times,
                new TreeSet<>(ConsensusMethods.supported()),
                null,
                null,
                PROTOCOLS,
                List.of(),
                opinion.knownFlags(),
                voted(),
                random,
                new VoteRemarks(opinion.flagThresholds(), null, null),
                opinion.entries());
    }

    private Voter voter() {
        return new Voter(
                spec.nickname(),
                identity,
                null,
                spec.directory().host(),
                spec.directory(),
                spec.orAddress().port(),
                spec.contact());
    }

    /// As C tor, which adds its limit of relays per address where it votes for anything.
    private Map<String, Integer> voted() {
        Map<String, Integer> voted = new TreeMap<>(spec.parameters());
        if (!voted.isEmpty()) {
            voted.put(SERVERS_PER_ADDRESS, spec.judgement().serversPerAddress());
        }
        return voted;
    }
}
