package sallyport.lab.authority;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Refused;
import sallyport.lab.sharedrandom.SharedRandomState;
import sallyport.lab.vote.DetachedSignatures;
import sallyport.lab.vote.Election;
import sallyport.lab.vote.SignedConsensus;
import sallyport.lab.vote.SignedConsensus.Taken;
import sallyport.lab.vote.UnverifiedVote;
import sallyport.lab.vote.Vote;
import sallyport.lab.vote.VotingKeys;

/// One authority's part in one consensus: it gathers votes, computes and signs, gathers signatures, and
/// publishes what enough have signed. Not for several threads.
///
/// Holds one vote of each configured authority and a few early signatures, whatever is sent.
public final class VotingRound {
    // Ours: those of every authority may come before we have computed, some twice.
    private static final int EARLY_SIGNATURES_PER_AUTHORITY = 2;

    private final DirectoryTrust trust;
    private final VotingTimetable timetable;
    private final VotingKeys keys;
    private final SharedRandomState random;
    // By identity in upper-case hex.
    private final Map<String, Vote> votes = new TreeMap<>();
    private final List<DetachedSignatures> early = new ArrayList<>();
    private final Map<Flavor, SignedConsensus> consensuses = new EnumMap<>(Flavor.class);
    private final Map<String, Integer> refusals = new TreeMap<>();

    /// How a vote came.
    public enum Way {
        /// Its authority sent it.
        POSTED,
        /// We asked for it.
        FETCHED
    }

    /// @param trust all authorities of the network
    /// @param random prepared for this round; hears of the votes
    public VotingRound(DirectoryTrust trust, VotingTimetable timetable, VotingKeys keys, SharedRandomState random) {
        this.trust = trust;
        this.timetable = timetable;
        this.keys = keys;
        this.random = random;
    }

    /// Takes a vote, our own among them.
    public Answer take(byte[] document, Way way, Instant now) {
        Vote vote;
        try {
            vote = UnverifiedVote.parse(document).verify(trust, now);
        } catch (Refused e) {
            return refuse(
                    e.reason() == Refused.Reason.UNKNOWN_AUTHORITY
                            ? "Vote not from a recognized v3 authority"
                            : "Unable to parse vote");
        } catch (Malformed e) {
            return refuse("Unable to parse vote");
        }
        if (!vote.ballot().times().validAfter().equals(timetable.validAfter())) {
            return refuse("Bad valid-after time");
        }
        if (way == Way.POSTED && now.isAfter(timetable.fetchingVotes())) {
            // Some authorities would have it and others not: a split is worse than a missing vote.
            return refuse("Posted vote received too late, would be dangerous to count it");
        }
        String identity = Hex.upper(vote.voter().identity());
        Vote held = votes.get(identity);
        if (held != null && Hex.upper(held.digest()).equals(Hex.upper(vote.digest()))) {
            return Answer.ok("Duplicate discarded");
        }
        if (held != null && !held.ballot().published().isBefore(vote.ballot().published())) {
            return refuse("Already have a newer pending vote");
        }
        votes.put(identity, vote);
        if (held == null) {
            random.take(vote.voter().identity(), vote.ballot().random());
        }
        return Answer.ok(held == null ? "ok" : "OK");
    }

    /// The votes so far, by identity.
    public Collection<Vote> votes() {
        return List.copyOf(votes.values());
    }

    /// Whose votes are missing, in upper-case hex.
    public Set<String> missingVoters() {
        Set<String> missing = new TreeSet<>(trust.authorities());
        missing.removeAll(votes.keySet());
        return missing;
    }

    /// Computes and signs both consensuses. Votes that come later no longer matter.
    ///
    /// @return whether it could: not without the votes of more than half of the authorities, nor where
    /// nobody decides which relays run
    public boolean compute() {
        boolean decidable = votes.values().stream()
                .anyMatch(vote -> vote.ballot().knownFlags().contains("Running"));
        if (votes.size() <= trust.authorities().size() / 2 || !decidable) {
            return false;
        }
        Election election =
                new Election(List.copyOf(votes.values()), trust.authorities().size(), random.isFresh());
        for (Flavor flavor : Flavor.values()) {
            SignedConsensus consensus = new SignedConsensus(election, flavor);
            consensus.sign(keys);
            consensuses.put(flavor, consensus);
        }
        early.forEach(this::add);
        early.clear();
        return true;
    }

    /// Takes signatures that another authority sent.
    public Answer takeSignatures(byte[] document) {
        DetachedSignatures detached;
        try {
            detached = DetachedSignatures.parse(document);
        } catch (Malformed e) {
            return refuse("Couldn't parse detached signatures.");
        }
        if (!consensuses.isEmpty()) {
            return add(detached);
        }
        if (early.size() >= EARLY_SIGNATURES_PER_AUTHORITY * trust.authorities().size()) {
            return refuse("Too many signatures queued");
        }
        early.add(detached);
        return Answer.ok("Signature queued");
    }

    /// Our signatures and those we took; to be sent, and for whoever asks.
    ///
    /// @throws IllegalStateException before anything was computed
    public byte[] detachedSignatures() {
        if (consensuses.isEmpty()) {
            throw new IllegalStateException("nothing is computed yet");
        }
        return SignedConsensus.detached(List.copyOf(consensuses.values()));
    }

    /// Our signatures and those we took; empty before anything was computed.
    public Optional<byte[]> pendingSignatures() {
        return consensuses.isEmpty() ? Optional.empty() : Optional.of(detachedSignatures());
    }

    /// What was computed, whoever signed it; empty before.
    public Optional<byte[]> pending(Flavor flavor) {
        return Optional.ofNullable(consensuses.get(flavor)).map(SignedConsensus::document);
    }

    /// Whether the signature of anyone who voted is missing from what was computed.
    public boolean missesSignatures() {
        return consensuses.values().stream().anyMatch(consensus -> !consensus.isSignedByAll());
    }

    /// The consensuses that enough authorities signed.
    public Map<Flavor, byte[]> published() {
        Map<Flavor, byte[]> documents = new EnumMap<>(Flavor.class);
        consensuses.forEach((flavor, consensus) -> {
            if (consensus.isBelieved(trust)) {
                documents.put(flavor, consensus.document());
            }
        });
        return documents;
    }

    /// How often what was refused, by the words of the answer.
    public Map<String, Integer> refusals() {
        return Map.copyOf(refusals);
    }

    /// As C tor: what fits one of the flavours is good, whatever the other says.
    private Answer add(DetachedSignatures detached) {
        boolean refused = false;
        boolean added = false;
        for (SignedConsensus consensus : consensuses.values()) {
            Taken taken = consensus.take(detached);
            refused |= taken.status() != Answer.ok("").status();
            added |= taken == Taken.ADDED;
        }
        if (refused && !added) {
            return refuse("Mismatched digest.");
        }
        return Answer.ok(added ? "Signatures added" : "Signatures ignored");
    }

    private Answer refuse(String message) {
        refusals.merge(message, 1, Integer::sum);
        return Answer.refused(message);
    }
}
