package sallyport.lab.sharedrandom;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.bytes.Hex;
import sallyport.lab.vote.Commitment;
import sallyport.lab.vote.SharedRandom;

/// Authorities commit, reveal and come to one value; whoever does not keep to the order of it changes
/// nothing.
class SharedRandomStateTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant MIDNIGHT = Instant.parse("2026-11-22T00:00:00Z");
    private static final int AUTHORITIES = 3;

    private final List<SharedRandomState> states = new ArrayList<>();

    /// C tor's test_get_sr_protocol_phase.
    @ParameterizedTest
    @CsvSource({
        "2015-04-20T23:59:00Z, REVEAL",
        "2015-04-20T00:00:00Z, COMMIT",
        "2015-04-20T00:00:01Z, COMMIT",
        "2015-04-20T11:59:00Z, COMMIT",
        "2015-04-20T12:00:00Z, REVEAL",
        "2015-04-20T12:00:01Z, REVEAL",
        "2015-04-20T13:00:00Z, REVEAL",
    })
    void aDayIsARun(String time, Phase phase) {
        assertThat(Phase.of(Instant.parse(time), HOUR)).isEqualTo(phase);
    }

    /// C tor's test_get_state_valid_until_time.
    @ParameterizedTest
    @CsvSource({"2015-04-20T00:00:01Z", "2015-04-20T19:22:00Z", "2015-04-20T23:59:00Z", "2015-04-20T00:00:00Z"})
    void aStateIsGoodUntilItsRunIsOver(String time) {
        assertThat(SharedRandomState.fresh(self(0), Instant.parse(time), HOUR)
                        .kept()
                        .validUntil())
                .isEqualTo("2015-04-21T00:00:00Z");
    }

    /// C tor's test_sr_compute_srv, and its vector.
    @Test
    void theValueIsThatOfTheSpecification() {
        List<Commitment> commitments = new ArrayList<>();
        for (char letter : "CABD".toCharArray()) {
            String hash = Base64.getEncoder().encodeToString(bytes(40, letter));
            String reveal = letter == 'D' ? null : String.valueOf(letter).repeat(56);
            commitments.add(new Commitment(bytes(20, letter), hash, reveal));
        }
        SharedRandom.Value previous = new SharedRandom.Value(42, bytes(32, 'Z'));
        SharedRandom.Value value = Commitments.value(commitments, previous);
        assertThat(value.reveals()).isEqualTo(3);
        assertThat(Hex.upper(value.bytes()))
                .isEqualTo("2A9B1D6237DAB312A40F575DA85C147663E7ED3F80E9555395F15B515C74253D");
    }

    @Test
    void whoFollowsTheProtocolComesToOneValueADay() {
        begin(MIDNIGHT.minus(HOUR));
        // All of them begin in the second phase, with nothing to reveal: a value of no reveals.
        assertThat(states).allMatch(SharedRandomState::isFresh);
        SharedRandom.Value first = agreedNow();
        assertThat(first.reveals()).isZero();
        for (int round = 0; round < Phase.ROUNDS_OF_RUN; round++) {
            Instant validAfter = MIDNIGHT.plus(HOUR.multipliedBy(round));
            for (SharedRandomState state : states) {
                assertThat(state.said().revealing()).isEqualTo(round >= Phase.ROUNDS);
            }
            exchange();
            SharedRandom.Value current = agreedNow();
            assertThat(current.bytes()).isEqualTo(first.bytes());
            conclude(validAfter.plus(HOUR));
        }
        assertThat(states).allMatch(SharedRandomState::isFresh);
        SharedRandom.Value second = agreedNow();
        assertThat(second.reveals()).isEqualTo(AUTHORITIES);
        for (SharedRandomState state : states) {
            assertThat(Objects.requireNonNull(state.said().previous()).bytes()).isEqualTo(first.bytes());
            assertThat(state.said().commitments()).hasSize(1);
        }
    }

    @Test
    void theFirstCommitmentBinds() {
        begin(MIDNIGHT);
        Commitment other = Commitments.make(identity(1), MIDNIGHT, bytes(32, 'x'));
        assertThat(take(0, 1, hidden(other))).isTrue();
        assertThat(take(0, 1, states.get(1).said().commitments().getFirst())).isFalse();
        assertThat(kept(0, 1).commit()).isEqualTo(other.commit());
    }

    @Test
    void nobodyRevealsWhileOthersCommit() {
        begin(MIDNIGHT);
        assertThat(take(0, 1, Commitments.make(identity(1), MIDNIGHT, bytes(32, 'x'))))
                .isFalse();
        assertThat(states.getFirst().said().commitments()).hasSize(1);
    }

    @Test
    void nobodyIsBelievedAboutOthers() {
        begin(MIDNIGHT);
        assertThat(take(0, 2, hidden(Commitments.make(identity(1), MIDNIGHT, bytes(32, 'x')))))
                .isFalse();
        byte[] stranger = bytes(20, 's');
        assertThat(states.getFirst().take(stranger, said(hidden(Commitments.make(stranger, MIDNIGHT, bytes(32, 'x'))))))
                .isFalse();
        assertThat(states.getFirst().said().commitments()).hasSize(1);
    }

    @Test
    void onlyWhatWasCommittedToIsRevealed() {
        begin(MIDNIGHT);
        Commitment one = Commitments.make(identity(1), MIDNIGHT, bytes(32, 'x'));
        take(0, 1, hidden(one));
        Instant noon = MIDNIGHT.plus(HOUR.multipliedBy(Phase.ROUNDS));
        conclude(noon);
        Commitment late = Commitments.make(identity(2), MIDNIGHT, bytes(32, 'y'));
        assertThat(take(0, 2, late)).as("never committed").isFalse();
        assertThat(take(0, 1, hidden(one))).as("reveals nothing").isFalse();
        assertThat(take(0, 1, Commitments.make(identity(1), MIDNIGHT, bytes(32, 'z'))))
                .as("another commitment")
                .isFalse();
        assertThat(take(0, 1, one.revealing(late))).as("another number").isFalse();
        assertThat(kept(0, 1).reveal()).isNull();
        assertThat(take(0, 1, one)).isTrue();
        assertThat(kept(0, 1).reveal()).isEqualTo(one.reveal());
        assertThat(take(0, 1, one)).as("known already").isFalse();
    }

    /// A consensus is the truth, whatever we computed.
    @Test
    void whatTheConsensusSaysIsFollowed() {
        begin(MIDNIGHT.minus(HOUR));
        SharedRandomState state = states.getFirst();
        assertThat(state.isFresh()).isTrue();
        SharedRandom.Value theirs = new SharedRandom.Value(7, bytes(32, 'v'));
        state.follow(new SharedRandom(true, false, List.of(), null, theirs));
        assertThat(state.isFresh()).isFalse();
        assertThat(state.said().current()).isEqualTo(theirs);
        assertThat(state.said().previous()).isNull();
        state.follow(new SharedRandom(true, false, List.of(), null, null));
        assertThat(state.said().current()).isNull();
    }

    @Test
    void aRoundIsPreparedOnce() {
        begin(MIDNIGHT);
        String own = kept(0, 0).commit();
        states.getFirst().prepare(MIDNIGHT, HOUR);
        states.getFirst().prepare(MIDNIGHT.minus(HOUR), HOUR);
        assertThat(kept(0, 0).commit()).isEqualTo(own);
        assertThat(states.getFirst().said().revealing()).isFalse();
    }

    /// As they start within the hour before `now`, and prepare for the consensus after it.
    private void begin(Instant now) {
        for (int authority = 0; authority < AUTHORITIES; authority++) {
            SharedRandomState state = SharedRandomState.fresh(self(authority), now, HOUR);
            state.prepare(now.plus(HOUR), HOUR);
            states.add(state);
        }
    }

    private void exchange() {
        List<SharedRandom> votes =
                states.stream().map(state -> written(state.said())).toList();
        for (SharedRandomState state : states) {
            for (int voter = 0; voter < AUTHORITIES; voter++) {
                state.take(identity(voter), votes.get(voter));
            }
        }
    }

    private void conclude(Instant next) {
        for (SharedRandomState state : states) {
            state.follow(state.said());
            state.prepare(next, HOUR);
        }
    }

    /// As others see it: in the first phase without what will be revealed.
    private static SharedRandom written(SharedRandom said) {
        return new SharedRandom(
                true,
                said.revealing(),
                said.commitments().stream()
                        .map(each -> said.revealing() ? each : hidden(each))
                        .toList(),
                said.previous(),
                said.current());
    }

    private SharedRandom.Value agreedNow() {
        Set<String> values = new HashSet<>();
        for (SharedRandomState state : states) {
            values.add(Objects.requireNonNull(state.said().current()).line());
        }
        assertThat(values).hasSize(1);
        return Objects.requireNonNull(states.getFirst().said().current());
    }

    private boolean take(int receiver, int voter, Commitment commitment) {
        return states.get(receiver).take(identity(voter), said(commitment));
    }

    private Commitment kept(int holder, int authority) {
        return states.get(holder).said().commitments().stream()
                .filter(each -> Arrays.equals(each.identity(), identity(authority)))
                .findFirst()
                .orElseThrow();
    }

    private static SharedRandom said(Commitment commitment) {
        return new SharedRandom(true, commitment.reveal() != null, List.of(commitment), null, null);
    }

    private static Commitment hidden(Commitment commitment) {
        return new Commitment(commitment.identity(), commitment.commit(), null);
    }

    static SharedRandomState.Self self(int authority) {
        Set<String> all = new HashSet<>();
        for (int each = 0; each < AUTHORITIES; each++) {
            all.add(Hex.upper(identity(each)));
        }
        return new SharedRandomState.Self(identity(authority), all, length -> bytes(length, '0' + authority));
    }

    private static byte[] identity(int authority) {
        return bytes(20, 'a' + authority);
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
