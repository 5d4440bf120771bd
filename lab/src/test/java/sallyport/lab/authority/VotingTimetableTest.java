package sallyport.lab.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When intervals begin: figures of C tor 0.4.9.11, test_voting_schedule.c.
class VotingTimetableTest {
    private static final Duration DELAY = Duration.ofSeconds(2);

    @ParameterizedTest
    @CsvSource({
        "2018-05-07T00:00:00Z, 3000, 0, 2018-05-07T00:50:00Z",
        "2018-05-07T00:01:40Z, 3000, 0, 2018-05-07T00:50:00Z",
        "2018-05-07T00:50:00Z, 3000, 0, 2018-05-07T01:40:00Z",
        "2018-05-07T00:50:01Z, 3000, 0, 2018-05-07T01:40:00Z",
        "2018-05-07T23:03:20Z, 3000, 0, 2018-05-07T23:20:00Z",
        "2018-05-07T23:20:05Z, 3000, 0, 2018-05-08T00:00:00Z",
        "2018-05-07T00:00:00Z, 3000, 99, 2018-05-07T00:01:39Z",
        "2018-05-07T00:01:40Z, 3000, 99, 2018-05-07T00:51:39Z",
    })
    void aConsensusBeginsWithAnIntervalOfTheDay(Instant now, int interval, int offset, Instant begins) {
        assertThat(after(now, interval, offset).validAfter()).isEqualTo(begins);
    }

    @Test
    void aRoundHasItsTimes() {
        Instant begins = Instant.parse("2026-11-22T15:00:15Z");
        VotingTimetable timetable =
                new VotingTimetable(begins, Duration.ofSeconds(15), Duration.ofSeconds(4), Duration.ofSeconds(3), 20);
        assertThat(timetable.voting()).isEqualTo(begins.minusSeconds(7));
        assertThat(timetable.fetchingVotes()).isEqualTo(begins.minusSeconds(5));
        assertThat(timetable.votingEnds()).isEqualTo(begins.minusSeconds(3));
        assertThat(timetable.fetchingSignatures()).isEqualTo(begins.minusSeconds(1));
        assertThat(timetable.times().freshUntil()).isEqualTo(begins.plusSeconds(15));
        assertThat(timetable.times().validUntil()).isEqualTo(begins.plusSeconds(300));
        assertThat(timetable.next(Duration.ZERO).validAfter()).isEqualTo(begins.plusSeconds(15));
    }

    @Test
    void delaysLeaveRoom() {
        assertThatThrownBy(() -> after(Instant.EPOCH, 7, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(after(Instant.EPOCH, 8, 0).interval()).isEqualTo(Duration.ofSeconds(8));
    }

    private static VotingTimetable after(Instant now, int interval, int offset) {
        return VotingTimetable.after(now, Duration.ofSeconds(interval), DELAY, DELAY, 20, Duration.ofSeconds(offset));
    }
}
