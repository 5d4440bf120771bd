package sallyport.lab.vote;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import sallyport.engine.netdoc.Flavor;

/// A set of votes that are to become one consensus: what they agree on beyond single relays (dir-spec 3.8).
///
/// What follows from it is the same for every authority that has these votes, in whatever order they came.
public final class Election {
    static final String NO_ED_CONSENSUS = "NoEdConsensus";

    // dir-spec 3.8.1: a parameter needs the votes of half of the authorities, or of three.
    private static final int VOTES_FOR_PARAMETER = 3;

    private final List<Vote> votes;
    private final int authorities;
    private final boolean randomIsFresh;
    private final int method;
    private final List<String> flags;
    private final Map<String, Integer> parameters;

    /// @param votes verified, at most one of each authority, at least one in all
    /// @param authorities how many there are, whether they voted or not
    /// @param randomIsFresh whether the current shared random value was made since the last consensus
    /// @throws IllegalArgumentException for no votes, or more of them than authorities
    public Election(List<Vote> votes, int authorities, boolean randomIsFresh) {
        if (votes.isEmpty() || votes.size() > authorities) {
            throw new IllegalArgumentException("no votes, or too many");
        }
        List<Vote> sorted = new ArrayList<>(votes);
        sorted.sort(Comparator.comparing(vote -> vote.voter().identity(), Arrays::compareUnsigned));
        this.votes = List.copyOf(sorted);
        this.authorities = authorities;
        this.randomIsFresh = randomIsFresh;
        this.method = ConsensusMethods.choose(
                votes.stream().map(vote -> vote.ballot().methods()).toList());
        TreeSet<String> known = new TreeSet<>(List.of(NO_ED_CONSENSUS));
        votes.forEach(vote -> known.addAll(vote.ballot().knownFlags()));
        this.flags = List.copyOf(known);
        this.parameters = agreedParameters();
    }

    /// The consensus in one flavour, without signatures: all that C tor signs but for the word
    /// `directory-signature` and the space behind it. In ISO-8859-1, as votes are read.
    public String consensus(Flavor flavor) {
        StringBuilder text = new StringBuilder(1 << 16);
        ConsensusHeader.write(this, flavor, text);
        BandwidthWeights weights = new BandwidthWeights();
        RelayTally tally = new RelayTally(this, flavor, weights);
        for (Collation.Relay relay : Collation.of(votes, authorities)) {
            tally.write(relay, text);
        }
        text.append("directory-footer\n");
        String line = weights.line(Math.max(1, parameter("bwweightscale", 10_000)));
        return line == null ? text.toString() : text.append(line).append('\n').toString();
    }

    /// The consensus method that was agreed on.
    public int method() {
        return method;
    }

    /// The times that were agreed on.
    public VoteTimes times() {
        return new VoteTimes(
                median(VoteTimes::validAfter),
                median(VoteTimes::freshUntil),
                median(VoteTimes::validUntil),
                median(VoteTimes::voteSeconds),
                median(VoteTimes::distSeconds));
    }

    private <T extends Comparable<? super T>> T median(Function<VoteTimes, T> value) {
        return Counting.median(
                votes.stream().map(vote -> value.apply(vote.ballot().times())).toList());
    }

    /// By identity.
    List<Vote> votes() {
        return votes;
    }

    int authorities() {
        return authorities;
    }

    boolean randomIsFresh() {
        return randomIsFresh;
    }

    /// All flags that anyone decides about, sorted.
    List<String> flags() {
        return flags;
    }

    /// How many votes decide about each flag.
    Map<String, Integer> flagVoters() {
        Map<String, Integer> counts = new HashMap<>();
        votes.forEach(vote -> vote.ballot().knownFlags().forEach(flag -> counts.merge(flag, 1, Integer::sum)));
        return counts;
    }

    /// Those that were agreed on, in the order of their lines.
    Map<String, Integer> parameters() {
        return parameters;
    }

    int parameter(String name, int otherwise) {
        return parameters.getOrDefault(name, otherwise);
    }

    private Map<String, Integer> agreedParameters() {
        // Sorted as whole entries are, with the equals sign: `ab=` comes after `ab1=`.
        Map<String, List<Integer>> named = new TreeMap<>(Comparator.comparing(name -> name + "="));
        for (Vote vote : votes) {
            vote.ballot()
                    .parameters()
                    .forEach((name, value) ->
                            named.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
        }
        named.values().removeIf(values -> values.size() <= authorities / 2 && values.size() < VOTES_FOR_PARAMETER);
        Map<String, Integer> agreed = new TreeMap<>(Comparator.comparing(name -> name + "="));
        named.forEach((name, values) -> agreed.put(name, Counting.median(values)));
        return agreed;
    }
}
