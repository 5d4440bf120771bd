package sallyport.lab.dirauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.lab.authority.VotingTimetable;
import sallyport.lab.dirauth.VotingTiming.Delays;

/// When an authority votes first and from then on, as C tor's create_voting_schedule says.
class VotingTimingTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final VotingTiming TIMING =
            new VotingTiming(delays(300, 20, 20), delays(60, 10, 10), 3, Duration.ZERO);

    private static Delays delays(long interval, long vote, long dist) {
        return new Delays(Duration.ofSeconds(interval), Duration.ofSeconds(vote), Duration.ofSeconds(dist));
    }

    private static Consensus consensus(long intervalSeconds) {
        return new Consensus(
                Flavor.NS,
                NOON,
                NOON.plusSeconds(intervalSeconds),
                NOON.plusSeconds(3 * intervalSeconds),
                20,
                NetworkParameters.NONE,
                NetworkParameters.NONE,
                List.of());
    }

    @Test
    void withoutAConsensusTheInitialIntervalCounts() {
        VotingTimetable first = TIMING.next(NOON.plusSeconds(1), null);
        assertThat(first.validAfter()).isEqualTo(NOON.plusSeconds(60));
        assertThat(first.voting()).isEqualTo(NOON.plusSeconds(40));
        // One that is over says nothing any more.
        assertThat(TIMING.next(NOON.plusSeconds(901), consensus(300)).interval())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theLastConsensusSaysWhenTheNextOneBegins() {
        VotingTimetable next = TIMING.next(NOON.plusSeconds(1), consensus(300));
        assertThat(next.validAfter()).isEqualTo(NOON.plusSeconds(300));
        assertThat(next.voting()).isEqualTo(NOON.plusSeconds(260));
        assertThat(TIMING.interval(NOON, consensus(300))).isEqualTo(Duration.ofMinutes(5));
    }

    /// As C tor: a quarter each, rather than no round.
    @Test
    void delaysThatDoNotFitAreCut() {
        VotingTimetable short60 = TIMING.next(NOON.plusSeconds(1), consensus(60));
        assertThat(short60.voting()).isEqualTo(NOON.plusSeconds(30));
    }

    /// The first round may be another length; what it asks for is the usual.
    @Test
    void aVoteAsksForTheUsualInterval() {
        assertThat(TIMING.times(NOON).freshUntil()).isEqualTo(NOON.plusSeconds(300));
        assertThat(TIMING.times(NOON).validUntil()).isEqualTo(NOON.plusSeconds(900));
        assertThat(TIMING.times(NOON).voteSeconds()).isEqualTo(20);
    }

    @Test
    void votesAreToldApart() {
        String one = "network-status-version 3\nvote-status vote\n";
        String two = "network-status-version 3\nr x\n";
        assertThat(VoteFile.split((one + two).getBytes(StandardCharsets.US_ASCII)))
                .containsExactly(one.getBytes(StandardCharsets.US_ASCII), two.getBytes(StandardCharsets.US_ASCII));
        assertThat(VoteFile.split(("rest\n" + two).getBytes(StandardCharsets.US_ASCII)))
                .containsExactly(two.getBytes(StandardCharsets.US_ASCII));
        assertThat(VoteFile.split(new byte[0])).isEmpty();
        assertThat(VoteFile.split("nonsense".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
    }
}
