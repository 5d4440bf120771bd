package sallyport.lab.roster;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.lab.authority.Answer;

/// The relays that one authority knows, by what they posted. Not for several threads.
///
/// Fingerprints and digests are upper-case hex. Documents that come out are not to be changed.
public final class Roster {
    /// Ours: twice the public network, so that a private one of its size has room.
    public static final int RELAYS_MAX = 20_000;
    /// Ours: pins stay for good, so a stranger who makes up relays may fill them; some 40 MB.
    public static final int PINS_MAX = 10 * RELAYS_MAX;
    /// Ours: with so many relays some 13 kB for each, of which descriptor and extra-info usually take half.
    public static final long BYTES_MAX = 256L << 20;

    // As C tor (ROUTER_MAX_AGE, OLD_ROUTER_DESC_MAX_AGE).
    private static final Duration AGE_MAX = Duration.ofDays(2);
    private static final Duration OLD_AGE_MAX = Duration.ofDays(5);

    private final Limits limits;
    private final RosterSettings settings;
    private final String ownFingerprint;
    private final KeyPins pins;
    private final StabilityHistory history;
    private final Instant started;
    private final Archive archive = new Archive();
    // By fingerprint, and so in the order of a vote.
    private final Map<String, Member> members = new TreeMap<>();
    private final Intake intake;

    /// @param ownFingerprint of the relay that the authority is as well
    /// @param kept what is known from before; its pins and its history are added to here
    /// @param started when the authority began to run
    public Roster(RosterSettings settings, String ownFingerprint, Kept kept, Instant started) {
        this(settings, ownFingerprint, kept, started, Limits.USUAL);
    }

    Roster(RosterSettings settings, String ownFingerprint, Kept kept, Instant started, Limits limits) {
        this.limits = limits;
        this.settings = settings;
        this.ownFingerprint = ownFingerprint;
        this.pins = kept.pins();
        this.history = kept.history();
        this.started = started;
        this.intake = new Intake(settings, ownFingerprint, kept, limits, members, archive);
    }

    /// Takes the body of a `POST /tor/`: descriptors and extra-info documents of any number of relays. Of
    /// several the answer is to the worst of them.
    public Answer take(byte[] upload, Instant now) {
        Ruling ruling = intake.take(upload, now);
        archive.shrink(limits.bytes(), intake::isCurrent);
        return ruling.answer();
    }

    /// The descriptors that stand for their relays, by fingerprint.
    public Collection<HeldDescriptor> descriptors() {
        return members.values().stream().map(Member::descriptor).toList();
    }

    /// The current descriptor of a relay.
    public Optional<HeldDescriptor> descriptorOf(String fingerprint) {
        return Optional.ofNullable(members.get(fingerprint)).map(Member::descriptor);
    }

    /// By SHA-1, whether current or replaced not long ago.
    public Optional<HeldDescriptor> descriptor(String digest) {
        return archive.descriptor(digest);
    }

    /// What belongs to the current descriptor of a relay.
    public Optional<HeldExtraInfo> extraInfoOf(String fingerprint) {
        return descriptorOf(fingerprint)
                .map(HeldDescriptor::extraInfoSha1)
                .flatMap(digest -> archive.extraInfo(Hex.upper(digest)));
    }

    /// By SHA-1.
    public Optional<HeldExtraInfo> extraInfo(String digest) {
        return archive.extraInfo(digest);
    }

    /// By SHA-256, as votes and consensuses name it under any method that we know.
    public Optional<byte[]> microdescriptor(String digest) {
        return archive.microdescriptor(digest);
    }

    /// The pinned keys, for the journal.
    public KeyPins pins() {
        return pins;
    }

    /// How reliably relays have run, for its file.
    public StabilityHistory history() {
        return history;
    }

    /// How often documents were refused or not needed, by C tor's words for it.
    public Map<String, Integer> refusals() {
        return intake.refusals();
    }

    /// Whom to try to reach at once, for they are new, have moved or are awake again. Each is named once.
    public Set<String> untested() {
        return intake.untested();
    }

    /// A link to a relay came up.
    ///
    /// @param ed25519 the identity it proved; null where it proved none
    /// @param at where it was reached
    /// @return whether it counts: not at another address than its own, nor with another identity
    public boolean reached(String fingerprint, byte @Nullable [] ed25519, RelayAddress at, Instant now) {
        Member member = members.get(fingerprint);
        if (member == null || !member.provedItself(ed25519) || !member.reached(at, now)) {
            return false;
        }
        if (!at.isIpv6()) {
            history.reachable(fingerprint, at, now);
        }
        return true;
    }

    /// What to vote about relays. Those that are down are noted in the history, and what is old in it
    /// loses weight.
    ///
    /// @param authorities fingerprints of the relays that authorities are as well
    /// @param measuredKb what bandwidth authorities found, by fingerprint
    /// @param parameters of the last consensus
    public Opinion opinion(
            Set<String> authorities, Map<String, Long> measuredKb, Map<String, Integer> parameters, Instant now) {
        history.discount(now);
        Duration running = Duration.between(started, now);
        for (Member member : members.values()) {
            member.assess(settings, member.fingerprint().equals(ownFingerprint), now);
            if (!member.isRunning() && running.compareTo(settings.learnReachability()) > 0) {
                history.unreachable(member.fingerprint(), member.downSince(now), now);
            }
        }
        Judgement.Circumstances circumstances =
                new Judgement.Circumstances(ownFingerprint, authorities, measuredKb, parameters, running);
        return new Judgement(settings, members.values(), history, circumstances, now).opinion();
    }

    /// Forgets what is too old, unless it stands in a consensus; C tor does so only once there is one. Of
    /// the history, whom nobody has seen for months.
    ///
    /// @param listed digests of the descriptors in the last consensus
    public void expire(Set<String> listed, Instant now) {
        List<Member> gone = members.values().stream()
                .filter(member -> isOlder(member.descriptor(), now.minus(AGE_MAX))
                        && !listed.contains(member.descriptor().digest()))
                .toList();
        for (Member member : gone) {
            members.remove(member.fingerprint());
            history.unreachable(member.fingerprint(), now, now);
        }
        history.clean(now);
        archive.removeIf(held ->
                !intake.isCurrent(held) && isOlder(held, now.minus(OLD_AGE_MAX)) && !listed.contains(held.digest()));
    }

    private static boolean isOlder(HeldDescriptor descriptor, Instant cutoff) {
        return !descriptor.published().isAfter(cutoff);
    }
}
