package sallyport.lab.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.UnverifiedConsensus;
import sallyport.lab.authority.VotingRound.Way;
import sallyport.lab.sharedrandom.SharedRandomState;
import sallyport.lab.vote.ForgedVotes;

/// Authorities of one network, each in its own round, who only ever see what the others send.
class VotingRoundTest {
    private static final int AUTHORITIES = 3;
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    // With rounds of ten years the first phase of a run lasts until 2090.
    private static final Duration COMMITTING = Duration.ofDays(3_650);
    private static final Duration DELAY = Duration.ofSeconds(3);
    private static final UnaryOperator<String> UNCHANGED = UnaryOperator.identity();

    private static ForgedVotes forged;
    private static VotingTimetable timetable;
    private static Instant early;

    private final List<VotingRound> rounds = new ArrayList<>();
    private final List<SharedRandomState> randoms = new ArrayList<>();

    @BeforeAll
    static void make() throws Exception {
        forged = ForgedVotes.make();
        timetable = new VotingTimetable(forged.then(), INTERVAL, DELAY, DELAY, 20);
        early = timetable.voting();
    }

    @BeforeEach
    void begin() {
        for (int authority = 0; authority < AUTHORITIES; authority++) {
            randoms.add(random(authority));
            rounds.add(new VotingRound(forged.trust(), timetable, forged.keys(authority), randoms.getLast()));
        }
    }

    @Test
    void authoritiesWithTheSameVotesPublishOneDocument() throws Exception {
        for (int authority = 0; authority < AUTHORITIES; authority++) {
            for (int i = 0; i < AUTHORITIES; i++) {
                int voter = (authority + i) % AUTHORITIES;
                assertThat(take(authority, voter, UNCHANGED)).isEqualTo(new Answer(200, "ok"));
            }
        }
        assertThat(rounds.get(1).compute()).isTrue();
        assertThat(rounds.get(2).compute()).isTrue();
        // The first is slow: what the others sign comes before it has computed.
        for (int sender : List.of(1, 2)) {
            byte[] detached = rounds.get(sender).detachedSignatures();
            assertThat(rounds.getFirst().takeSignatures(detached)).isEqualTo(new Answer(200, "Signature queued"));
        }
        assertThat(rounds.getFirst().published()).isEmpty();
        assertThat(rounds.getFirst().compute()).isTrue();
        byte[] all = rounds.getFirst().detachedSignatures();
        for (int receiver : List.of(1, 2)) {
            assertThat(rounds.get(receiver).published()).isEmpty();
            assertThat(rounds.get(receiver).takeSignatures(all)).isEqualTo(new Answer(200, "Signatures added"));
            assertThat(rounds.get(receiver).takeSignatures(all)).isEqualTo(new Answer(200, "Signatures ignored"));
        }
        Map<Flavor, byte[]> documents = rounds.getFirst().published();
        for (Flavor flavor : Flavor.values()) {
            Consensus consensus = UnverifiedConsensus.parse(documents.get(flavor))
                    .verify(forged.trust().with(forged.certificates()), forged.then());
            assertThat(consensus.flavor()).isEqualTo(flavor);
            for (VotingRound round : rounds) {
                assertThat(round.published().get(flavor)).isEqualTo(documents.get(flavor));
                assertThat(round.refusals()).isEmpty();
            }
        }
    }

    /// One authority did not get a vote: what it computes nobody else signs, and the others do without it.
    @Test
    void whoComputedOtherwiseIsLeftOut() {
        for (int authority = 0; authority < AUTHORITIES; authority++) {
            for (int voter = 0; voter < AUTHORITIES; voter++) {
                if (authority != 2 || voter != 0) {
                    take(authority, voter, UNCHANGED);
                }
            }
        }
        assertThat(rounds.get(2).missingVoters()).containsExactly(forged.keys(0).v3Identity());
        rounds.forEach(round -> assertThat(round.compute()).isTrue());
        assertThat(rounds.get(0)
                        .takeSignatures(rounds.get(1).detachedSignatures())
                        .status())
                .isEqualTo(200);
        assertThat(rounds.get(1)
                        .takeSignatures(rounds.get(0).detachedSignatures())
                        .status())
                .isEqualTo(200);
        Answer mismatch = new Answer(400, "Mismatched digest.");
        assertThat(rounds.get(0).takeSignatures(rounds.get(2).detachedSignatures()))
                .isEqualTo(mismatch);
        assertThat(rounds.get(2).takeSignatures(rounds.get(0).detachedSignatures()))
                .isEqualTo(mismatch);
        assertThat(rounds.get(0).published()).hasSize(2);
        assertThat(rounds.get(0).published().get(Flavor.NS))
                .isEqualTo(rounds.get(1).published().get(Flavor.NS));
        assertThat(rounds.get(2).published()).isEmpty();
    }

    @Test
    void aMinorityOfVotesMakesNoConsensus() {
        take(0, 0, UNCHANGED);
        assertThat(rounds.getFirst().compute()).isFalse();
        assertThatThrownBy(() -> rounds.getFirst().detachedSignatures()).isInstanceOf(IllegalStateException.class);
        assertThat(rounds.getFirst().published()).isEmpty();
        UnaryOperator<String> blind = body -> body.replace(" Running", "");
        take(1, 0, blind);
        take(1, 1, blind);
        assertThat(rounds.get(1).compute()).isFalse();
    }

    @Test
    void whatIsNoVoteOfThisRoundIsRefusedAndCounted() {
        VotingRound round = rounds.getFirst();
        byte[] good = forged.vote(1, UNCHANGED);
        assertThat(round.take(new byte[] {'x'}, Way.POSTED, early)).isEqualTo(refused("Unable to parse vote"));
        byte[] changed = good.clone();
        changed[new String(good, StandardCharsets.ISO_8859_1).indexOf("\ncontact ") + 9] ^= 1;
        assertThat(round.take(changed, Way.POSTED, early)).isEqualTo(refused("Unable to parse vote"));
        VotingRound others = new VotingRound(ForgedVotes.strangers(), timetable, forged.keys(0), random(0));
        assertThat(others.take(good, Way.POSTED, early)).isEqualTo(refused("Vote not from a recognized v3 authority"));
        UnaryOperator<String> earlier =
                body -> body.replaceFirst("\nvalid-after \\S+ \\S+", "\nvalid-after 2026-11-22 15:08:45");
        assertThat(take(0, 1, earlier)).isEqualTo(refused("Bad valid-after time"));
        Instant late = timetable.fetchingVotes().plusSeconds(1);
        assertThat(round.take(good, Way.POSTED, late))
                .isEqualTo(refused("Posted vote received too late, would be dangerous to count it"));
        assertThat(round.votes()).isEmpty();
        assertThat(round.refusals())
                .containsEntry("Unable to parse vote", 2)
                .containsEntry("Bad valid-after time", 1)
                .hasSize(3);
        assertThat(round.take(good, Way.FETCHED, late)).isEqualTo(new Answer(200, "ok"));
    }

    @Test
    void ofTwoVotesTheLaterCounts() {
        UnaryOperator<String> before =
                body -> body.replaceFirst("\npublished \\S+ \\S+", "\npublished 2026-11-22 15:08:50");
        assertThat(take(0, 1, before)).isEqualTo(new Answer(200, "ok"));
        assertThat(take(0, 1, UNCHANGED)).isEqualTo(new Answer(200, "OK"));
        assertThat(take(0, 1, UNCHANGED)).isEqualTo(new Answer(200, "Duplicate discarded"));
        assertThat(take(0, 1, before)).isEqualTo(refused("Already have a newer pending vote"));
        assertThat(rounds.getFirst().votes()).hasSize(1);
    }

    @Test
    void signaturesThatComeEarlyAreBounded() {
        for (int voter = 0; voter < AUTHORITIES; voter++) {
            take(1, voter, UNCHANGED);
        }
        rounds.get(1).compute();
        byte[] detached = rounds.get(1).detachedSignatures();
        for (int i = 0; i < 2 * AUTHORITIES; i++) {
            assertThat(rounds.getFirst().takeSignatures(detached).status()).isEqualTo(200);
        }
        assertThat(rounds.getFirst().takeSignatures(detached)).isEqualTo(refused("Too many signatures queued"));
        assertThat(rounds.getFirst().takeSignatures(new byte[0]))
                .isEqualTo(refused("Couldn't parse detached signatures."));
    }

    /// The first vote of an authority that counts is the one whose commitment counts.
    @Test
    void theSharedRandomStateHearsOfTheVotes() {
        String line = "shared-rand-commit 1 sha3-256 ";
        take(
                0,
                1,
                body -> body.replaceFirst(line + "\\S+", line + forged.keys(1).v3Identity()));
        assertThat(randoms.getFirst().said().commitments())
                .extracting(commitment -> Hex.upper(commitment.identity()))
                .containsExactlyInAnyOrder(
                        forged.keys(0).v3Identity(), forged.keys(1).v3Identity());
    }

    private static SharedRandomState random(int authority) {
        byte[] identity;
        try {
            identity = Hex.decode(forged.keys(authority).v3Identity());
        } catch (Malformed e) {
            throw new IllegalStateException(e);
        }
        SharedRandomState state = SharedRandomState.fresh(
                new SharedRandomState.Self(identity, forged.trust().authorities(), byte[]::new),
                timetable.validAfter().minus(INTERVAL),
                COMMITTING);
        state.prepare(timetable.validAfter(), COMMITTING);
        return state;
    }

    private Answer take(int authority, int voter, UnaryOperator<String> change) {
        return rounds.get(authority).take(forged.vote(voter, change), Way.POSTED, early);
    }

    private static Answer refused(String message) {
        return new Answer(400, message);
    }
}
