package sallyport.lab.dirauth;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.netdoc.AuthorityCertificate;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Flavor;
import sallyport.lab.authority.Answer;
import sallyport.lab.authority.VotingRound;
import sallyport.lab.authority.VotingRound.Way;
import sallyport.lab.authority.VotingTimetable;
import sallyport.lab.roster.HeldDescriptor;
import sallyport.lab.roster.HeldExtraInfo;
import sallyport.lab.roster.Roster;
import sallyport.lab.sharedrandom.SharedRandomFile;
import sallyport.lab.sharedrandom.SharedRandomState;
import sallyport.lab.vote.SharedRandom;
import sallyport.lab.vote.Vote;
import sallyport.lab.vote.VoteText;
import sallyport.lab.vote.VoteTimes;
import sallyport.lab.vote.VotingKeys;

/// All that one authority knows and decides, behind one lock: requests come from many tasks. What it gives
/// out is not to be changed.
final class AuthorityDesk {
    private static final Answer NO_ROUND = new Answer(400, "Bad valid-after time");

    private final Roster roster;
    private final DirectoryTrust trust;
    private VotingKeys keys;
    private final Function<Duration, SharedRandomState> randomOf;
    private @Nullable SharedRandomState random;
    private @Nullable VotingRound round;
    private List<Vote> previous = List.of();
    private final LackedDescriptors lacked;
    private final KnownCertificates certificates = new KnownCertificates();

    /// @param trust all authorities of the network
    /// @param randomOf our part in the shared random protocol, by the time from one consensus to the next
    AuthorityDesk(
            Roster roster, DirectoryTrust trust, VotingKeys keys, Function<Duration, SharedRandomState> randomOf) {
        this.roster = roster;
        this.lacked = new LackedDescriptors(roster);
        this.trust = trust;
        this.keys = keys;
        this.randomOf = randomOf;
    }

    // The relays

    synchronized Answer takeDescriptors(byte[] upload, Instant now) {
        return roster.take(upload, now);
    }

    synchronized Collection<HeldDescriptor> descriptors() {
        return List.copyOf(roster.descriptors());
    }

    synchronized Optional<HeldDescriptor> descriptorOf(String fingerprint) {
        return roster.descriptorOf(fingerprint);
    }

    /// Fingerprints of those to be reached at once; each is named once.
    synchronized Set<String> untested() {
        return roster.untested();
    }

    /// A relay proved these identities where it takes links.
    synchronized void reached(String fingerprint, byte[] ed25519, RelayAddress at, Instant now) {
        var _ = roster.reached(fingerprint, ed25519, at, now);
    }

    synchronized Optional<HeldDescriptor> descriptor(String digest) {
        return roster.descriptor(digest);
    }

    synchronized Optional<HeldExtraInfo> extraInfoOf(String fingerprint) {
        return roster.extraInfoOf(fingerprint);
    }

    synchronized Optional<HeldExtraInfo> extraInfo(String digest) {
        return roster.extraInfo(digest);
    }

    synchronized Optional<byte[]> microdescriptor(String digest) {
        return roster.microdescriptor(digest);
    }

    /// What is new among the pinned keys since this was last asked, for their journal.
    synchronized String newPins() {
        return roster.pins().newLines();
    }

    /// How reliably relays have run, for its file.
    synchronized String stability(Instant now) {
        Set<String> known =
                roster.descriptors().stream().map(HeldDescriptor::fingerprint).collect(Collectors.toSet());
        return roster.history().text(known, now);
    }

    /// Digests of descriptors to ask others for: their votes or a consensus list them, and we lack them.
    ///
    /// @param consensus the last one; null where there is none
    synchronized Set<String> lacked(@Nullable Consensus consensus) {
        List<Vote> all = new ArrayList<>(votes(false));
        all.addAll(votes(true));
        return lacked.next(all, consensus);
    }

    /// Learns from the last consensus: how fast news spreads, whom it lists, and which shared random values
    /// count, whatever we thought.
    ///
    /// @param listed digests of its descriptors
    synchronized void follow(Consensus consensus, Set<String> listed, Instant now) {
        roster.history().learn(consensus);
        roster.expire(listed, now);
    }

    /// Believes its values over ours, as C tor does with the last consensus after every round, also one
    /// that failed.
    synchronized void follow(SharedRandom values) {
        if (random != null) {
            random.follow(values);
        }
    }

    // The round

    /// Signs with these from the next round on.
    synchronized void use(VotingKeys renewed) {
        keys = renewed;
    }

    /// Begins another round; that before is over.
    ///
    /// @param interval from the last consensus to this one
    synchronized void begin(VotingTimetable timetable, Duration interval) {
        SharedRandomState part = random == null ? randomOf.apply(interval) : random;
        part.prepare(timetable.validAfter(), interval);
        random = part;
        round = new VotingRound(trust, timetable, keys, part);
    }

    /// Casts our own vote.
    ///
    /// @param parameters of the last consensus
    /// @return the document, to be sent to the others
    synchronized byte[] cast(Ballots ballots, VoteTimes times, Map<String, Integer> parameters, Instant now) {
        SharedRandom said = random == null ? SharedRandom.NONE : random.said();
        byte[] vote = VoteText.signed(ballots.make(roster, times, said, parameters, now), keys);
        Answer answer = takeVote(vote, Way.FETCHED, now);
        if (answer.status() != 200) {
            throw new IllegalStateException("our own vote: " + answer.message());
        }
        return vote;
    }

    synchronized Answer takeVote(byte[] vote, Way way, Instant now) {
        VotingRound current = round;
        if (current == null) {
            return NO_ROUND;
        }
        Answer answer = current.take(vote, way, now);
        current.votes().forEach(this::know);
        return answer;
    }

    synchronized Set<String> missingVoters() {
        return round == null ? Set.of() : round.missingVoters();
    }

    /// Computes the consensuses of this round.
    ///
    /// @return our signatures, to be sent to the others; empty where there is no consensus
    synchronized Optional<byte[]> compute() {
        VotingRound current = round;
        return current == null || !current.compute() ? Optional.empty() : Optional.of(current.detachedSignatures());
    }

    synchronized Answer takeSignatures(byte[] signatures) {
        VotingRound current = round;
        return current == null ? NO_ROUND : current.takeSignatures(signatures);
    }

    /// The signatures gathered so far; empty before there is a consensus to sign.
    synchronized Optional<byte[]> signatures() {
        return round == null ? Optional.empty() : round.pendingSignatures();
    }

    /// Whether anybody's signature is missing from a consensus of this round.
    synchronized boolean missesSignatures() {
        return round != null && round.missesSignatures();
    }

    /// The consensus of this round, believed or not; empty before it was computed.
    synchronized Optional<byte[]> pending(Flavor flavor) {
        return round == null ? Optional.empty() : round.pending(flavor);
    }

    /// Ends the round.
    ///
    /// @return what enough authorities have signed
    synchronized Map<Flavor, byte[]> publish() {
        VotingRound current = round;
        if (current == null) {
            return Map.of();
        }
        previous = List.copyOf(current.votes());
        round = null;
        return current.published();
    }

    // Votes and certificates

    /// The vote of an authority, in upper-case hex, in this round or the one before.
    synchronized Optional<Vote> voteOf(String identity, boolean before) {
        return votes(before).stream()
                .filter(vote -> Hex.upper(vote.voter().identity()).equals(identity))
                .findFirst();
    }

    /// A vote by its digest, in upper-case hex, of this round or the one before.
    synchronized Optional<Vote> vote(String digest) {
        List<Vote> all = new ArrayList<>(votes(false));
        all.addAll(votes(true));
        return all.stream()
                .filter(vote -> Hex.upper(vote.digest()).equals(digest))
                .findFirst();
    }

    /// All votes of this round.
    synchronized List<Vote> votes() {
        return List.copyOf(votes(false));
    }

    /// Takes up the votes of the last round again.
    synchronized void restore(List<Vote> votes) {
        previous = List.copyOf(votes);
        votes.forEach(this::know);
    }

    synchronized List<AuthorityCertificate> certificates() {
        return certificates.all();
    }

    synchronized List<AuthorityCertificate> ownCertificates() {
        return certificates.newestOf(keys.v3Identity());
    }

    /// Whom to believe, by what they said of their keys.
    synchronized DirectoryTrust trust() {
        return trust.with(certificates());
    }

    /// Our v3 identity, in upper-case hex.
    String identity() {
        return keys.v3Identity();
    }

    /// Our part in the shared random protocol, as it is kept; empty before the first round.
    synchronized Optional<byte[]> randomFile() {
        return Optional.ofNullable(random).map(SharedRandomFile::write);
    }

    private Collection<Vote> votes(boolean before) {
        if (before) {
            return previous;
        }
        return round == null ? List.of() : round.votes();
    }

    private void know(Vote vote) {
        certificates.know(vote.certificate());
    }
}
