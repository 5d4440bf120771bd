package sallyport.lab.roster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sallyport.engine.bytes.Hex;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.vote.AuthorityDocuments;
import sallyport.lab.vote.RelayHistory;
import sallyport.lab.vote.Vote;
import sallyport.lab.vote.VoteEntry;

/// What a roster votes of the very relays of an authority of C tor.
///
/// A roster does not know since when that authority knows a relay: that is taken from the vote's `stats`
/// lines (`tk` and `mtbf`). All else follows.
///
/// @param theirs known flags and entries, as the vote has them
/// @param ours the same, by the roster
/// @param theirThresholds the vote's `flag-thresholds`
/// @param ourThresholds the same by the roster, and as if it had computed them a second earlier, which is
///     when C tor may have done so
public record VoteComparison(
        String voter, List<String> theirs, List<String> ours, String theirThresholds, List<String> ourThresholds) {

    // Long enough for an authority to have an opinion.
    private static final int RUNNING_SECONDS = 60;
    // As authorities of the lab have it in their torrc.
    private static final String[] BY_NAME = {
        "TestingDirAuthVoteExit *", "TestingDirAuthVoteGuard *", "TestingDirAuthVoteHSDir *", "AuthDirFastGuarantee 1"
    };

    /// @param unnamed the authority that does not give all relays all flags that can be given by name
    /// @return one of each vote whose relays the first authority still has; empty where a vote is older
    ///     than `since`
    public static List<VoteComparison> run(PrivateNetwork network, TorNode unnamed, Instant since) throws Exception {
        List<VoteComparison> all = new ArrayList<>();
        List<AuthorityDocuments> documents = AuthorityDocuments.fetch(network);
        if (documents.isEmpty()) {
            return all;
        }
        for (Vote vote : documents.getFirst().verified()) {
            String voter = vote.voter().nickname();
            TorNode authority = network.authorities().stream()
                    .filter(node -> node.nickname().equals(voter))
                    .findFirst()
                    .orElseThrow();
            if (vote.ballot().published().isBefore(since)) {
                return List.of();
            }
            RosterSettings settings =
                    authority.equals(unnamed) ? RosterSettings.testing() : RosterSettings.testing(BY_NAME);
            all.add(compare(network, vote, authority.fingerprint(), settings));
        }
        return all;
    }

    private static VoteComparison compare(PrivateNetwork network, Vote vote, String own, RosterSettings settings)
            throws Exception {
        Opinion opinion = opinion(network, vote, own, settings, 0);
        Opinion earlier = opinion(network, vote, own, settings, 1);
        return new VoteComparison(
                vote.voter().nickname(),
                lines(vote.ballot().knownFlags(), vote.ballot().entries()),
                lines(opinion.knownFlags(), opinion.entries()),
                String.valueOf(vote.ballot().remarks().flagThresholds()),
                List.of(opinion.flagThresholds(), earlier.flagThresholds()));
    }

    private static Opinion opinion(
            PrivateNetwork network, Vote vote, String own, RosterSettings settings, int secondsEarlier)
            throws Exception {
        Instant now = vote.ballot().published();
        Instant started = now.minusSeconds(RUNNING_SECONDS);
        Roster roster = new Roster(settings, own, Kept.nothing(settings), started);
        roster.take(descriptors(network, vote), now);
        for (VoteEntry entry : vote.ballot().entries()) {
            reach(roster, entry, now.plusSeconds(secondsEarlier));
        }
        Set<String> authorities = new HashSet<>();
        for (TorNode authority : network.authorities()) {
            authorities.add(authority.fingerprint());
        }
        return roster.opinion(authorities, Map.of(), Map.of(), now);
    }

    private static byte[] descriptors(PrivateNetwork network, Vote vote) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (VoteEntry entry : vote.ballot().entries()) {
            // By digest, for a relay may have published again since.
            all.writeBytes(AuthorityDocuments.get(
                    network.authorities().getFirst(), "/tor/server/d/" + Hex.upper(entry.descriptorDigest())));
        }
        return all.toByteArray();
    }

    /// As it was found by an authority that knows it for so long and has seen it up for so long.
    private static void reach(Roster roster, VoteEntry entry, Instant now) {
        String fingerprint = Hex.upper(entry.identity());
        RelayHistory known = entry.history();
        if (known.betweenFailuresSeconds() < known.knownSeconds()) {
            Instant down = now.minusSeconds(known.knownSeconds());
            roster.history().unreachable(fingerprint, down, down);
        }
        if (entry.flags().contains("Running") && (known.knownSeconds() == 0 || known.betweenFailuresSeconds() > 0)) {
            Instant up = now.minusSeconds(known.betweenFailuresSeconds());
            boolean ourselves = known.knownSeconds() == 0 && known.uptime() == 0;
            if (!ourselves) {
                roster.reached(fingerprint, entry.ed25519(), entry.ipv4(), up);
            }
        }
    }

    private static List<String> lines(List<String> knownFlags, List<VoteEntry> entries) {
        List<String> lines = new ArrayList<>();
        lines.add("known-flags " + String.join(" ", knownFlags));
        entries.forEach(entry -> lines.add(AuthorityDocuments.text(entry)));
        return lines;
    }
}
