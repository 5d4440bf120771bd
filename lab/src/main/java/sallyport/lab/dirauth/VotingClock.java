package sallyport.lab.dirauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.RouterStatus;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.engine.world.World;
import sallyport.lab.authority.Answer;
import sallyport.lab.authority.VotingRound.Way;
import sallyport.lab.authority.VotingTimetable;
import sallyport.lab.vote.DetachedSignatures;
import sallyport.lab.vote.UnverifiedVote;
import sallyport.lab.vote.VotingKeys;

/// Does what is to be done in each round of voting, when it is to be done (dir-spec 3.7; C tor's
/// dirvote_act). One control task.
final class VotingClock {
    // Ours: the wall clock may jump; look at it at least so often.
    private static final Duration SLEEP_MAX = Duration.ofSeconds(60);
    // Ours: a consensus that others published is acted upon within such a part of the interval.
    private static final int LOOKS_PER_INTERVAL = 60;
    // Ours: a certificate has a month left when it is renewed.
    private static final Duration KEYS_INTERVAL = Duration.ofHours(1);
    private static final int OK = 200;

    private final World world;
    private final String nickname;
    private final AuthorityDesk desk;
    private final Ballots ballots;
    private final OtherAuthorities others;
    private final AuthorityFiles files;
    private final Publisher publisher;
    private final KeySource keys;
    private final LatestConsensuses latest;
    private Instant keysDue = Instant.EPOCH;

    /// Who hands a consensus out.
    interface Publisher {
        void publish(UnverifiedConsensus document, Consensus verified);
    }

    /// The keys to sign with, from the disk; renewed where they come to their end.
    interface KeySource {
        VotingKeys open(Instant now) throws KeyFileException;
    }

    /// @param latest has the consensus of the last run, where there is one
    VotingClock(
            World world,
            String nickname,
            AuthorityDesk desk,
            Ballots ballots,
            OtherAuthorities others,
            AuthorityFiles files,
            Publisher publisher,
            KeySource keys,
            LatestConsensuses latest) {
        this.world = world;
        this.nickname = nickname;
        this.desk = desk;
        this.ballots = ballots;
        this.others = others;
        this.files = files;
        this.publisher = publisher;
        this.keys = keys;
        this.latest = latest;
    }

    /// Round after round. What is late is done at once, as C tor does it.
    void run(VotingTiming timing) throws InterruptedException {
        while (true) {
            renewKeys();
            @Nullable Consensus last = latest.ns();
            VotingTimetable timetable = timing.next(now(), last);
            desk.begin(timetable, timing.interval(now(), last));
            askForDescriptors(last);
            try {
                if (awaitVoting(timetable, last)) {
                    round(timing, timetable);
                }
            } catch (RuntimeException e) {
                // One round is lost, not the authority.
                world.log().error(nickname, "a round of voting failed: " + e);
                sleepUntil(timetable.validAfter());
            }
        }
    }

    private void renewKeys() {
        if (now().isBefore(keysDue)) {
            return;
        }
        keysDue = now().plus(KEYS_INTERVAL);
        try {
            desk.use(keys.open(now()));
        } catch (KeyFileException e) {
            world.log().warn(nickname, "the keys stay as they are: " + e.getMessage());
        }
    }

    /// As C tor (dirauth_sched_recalculate_timing): another consensus may mean another timetable.
    ///
    /// @return false where one came before it was time to vote
    @SuppressWarnings("ReferenceEquality") // each is another one
    private boolean awaitVoting(VotingTimetable timetable, @Nullable Consensus last) throws InterruptedException {
        for (Instant now = now(); now.isBefore(timetable.voting()); now = now()) {
            if (latest.ns() != last) {
                return false;
            }
            Duration look = timetable.interval().dividedBy(LOOKS_PER_INTERVAL);
            Duration left = Duration.between(now, timetable.voting());
            world.tasks().sleep(left.compareTo(look) < 0 ? left : look);
        }
        return true;
    }

    /// Takes up a consensus that others published where our own round brought none, and believes it as C
    /// tor does. Called by the task that fetches.
    void believed(UnverifiedConsensus document, Consensus verified) {
        try {
            if (take(document, verified)) {
                world.log()
                        .info(
                                nickname,
                                "took up the " + verified.flavor().word() + " consensus of " + verified.validAfter()
                                        + ", which others published");
                latest.random().ifPresent(desk::follow);
            }
        } catch (Malformed e) {
            world.log().warn(nickname, "a consensus of others is passed over: " + e.getMessage());
        }
    }

    /// @return false where we have it, or a later one
    private boolean take(UnverifiedConsensus document, Consensus verified) throws Malformed {
        if (!latest.take(document.text(), verified)) {
            return false;
        }
        files.keepConsensus(verified.flavor(), document.text());
        if (verified.flavor() == Flavor.NS) {
            desk.follow(verified, listed(verified), now());
        }
        return true;
    }

    private void askForDescriptors(@Nullable Consensus last) throws InterruptedException {
        Set<String> lacked = desk.lacked(last);
        if (!lacked.isEmpty()) {
            world.log().info(nickname, "asking others for " + lacked.size() + " descriptors that they list");
            others.askForDescriptors(
                    lacked, digest -> desk.descriptor(digest).isPresent(), texts -> desk.takeDescriptors(texts, now()));
        }
    }

    private void round(VotingTiming timing, VotingTimetable timetable) throws InterruptedException {
        vote(timing, timetable);
        sleepUntil(timetable.fetchingVotes());
        fetchVotes();
        sleepUntil(timetable.votingEnds());
        compute();
        sleepUntil(timetable.fetchingSignatures());
        fetchSignatures();
        sleepUntil(timetable.validAfter());
        publish();
    }

    private void vote(VotingTiming timing, VotingTimetable timetable) throws InterruptedException {
        Instant now = now();
        byte[] vote = desk.cast(ballots, timing.times(timetable.validAfter()), parameters(), now);
        files.keepRandom(desk);
        others.tell("/tor/post/vote", vote, "vote");
    }

    private Map<String, Integer> parameters() {
        Consensus last = latest.ns();
        return last == null ? Map.of() : last.parameters().values();
    }

    private void fetchVotes() throws InterruptedException {
        Set<String> missing = desk.missingVoters();
        if (!missing.isEmpty()) {
            world.log().info(nickname, "votes of " + missing.size() + " authorities are missing; asking for them");
            String path = "/tor/status-vote/next/" + String.join("+", missing);
            others.ask(path, UnverifiedVote.BYTES_MAX, "question for votes", this::takeVotes);
        }
    }

    private void takeVotes(byte[] votes) {
        for (byte[] vote : VoteFile.split(votes)) {
            Answer answer = desk.takeVote(vote, Way.FETCHED, now());
            if (answer.status() != OK) {
                world.log().warn(nickname, "a vote that we asked for: " + answer.message());
            }
        }
    }

    private void compute() throws InterruptedException {
        files.keepVotes(desk.votes());
        Optional<byte[]> signatures = desk.compute();
        if (signatures.isEmpty()) {
            world.log().warn(nickname, "no consensus: there are " + desk.votes().size() + " votes");
            return;
        }
        others.tell("/tor/post/consensus-signature", signatures.get(), "signatures");
    }

    private void fetchSignatures() throws InterruptedException {
        if (desk.missesSignatures()) {
            others.ask(
                    "/tor/status-vote/next/consensus-signatures",
                    DetachedSignatures.BYTES_MAX,
                    "question for signatures",
                    signatures -> {
                        Answer answer = desk.takeSignatures(signatures);
                        if (answer.status() != OK) {
                            world.log().warn(nickname, "signatures that we asked for: " + answer.message());
                        }
                    });
        }
    }

    private void publish() {
        try {
            Map<Flavor, byte[]> documents = desk.publish();
            for (Flavor flavor : Flavor.values()) {
                byte[] document = documents.get(flavor);
                if (document == null) {
                    world.log().warn(nickname, "too few signed the " + flavor.word() + " consensus");
                    continue;
                }
                UnverifiedConsensus unverified = UnverifiedConsensus.parse(document);
                Consensus verified = unverified.verify(desk.trust(), now());
                publisher.publish(unverified, verified);
                var _ = take(unverified, verified);
            }
            latest.random().ifPresent(desk::follow);
            files.keepRandom(desk);
            files.keepRelays(desk, now());
        } catch (Malformed | Refused e) {
            world.log().error(nickname, "our own consensus is not to be believed: " + e.getMessage());
        }
    }

    private static Set<String> listed(Consensus consensus) {
        return consensus.relays().stream()
                .map(RouterStatus::documentDigest)
                .filter(Objects::nonNull)
                .map(Hex::upper)
                .collect(Collectors.toSet());
    }

    private void sleepUntil(Instant at) throws InterruptedException {
        for (Instant now = now(); now.isBefore(at); now = now()) {
            Duration left = Duration.between(now, at);
            world.tasks().sleep(left.compareTo(SLEEP_MAX) < 0 ? left : SLEEP_MAX);
        }
    }

    private Instant now() {
        return world.clock().instant();
    }
}
