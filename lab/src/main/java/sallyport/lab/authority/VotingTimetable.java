package sallyport.lab.authority;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import sallyport.lab.vote.VoteTimes;

/// When an authority does what for the next consensus (dir-spec 3.7), to the second as C tor does.
///
/// @param validAfter when that consensus begins
/// @param interval from one to the next, less than a day
/// @param voteDelay how long votes may take to arrive
/// @param distDelay how long signatures may take
/// @param intervalsValid how many intervals a consensus lives
public record VotingTimetable(
        Instant validAfter, Duration interval, Duration voteDelay, Duration distDelay, int intervalsValid) {

    /// The next consensus after `now`. Intervals are counted from midnight, UTC; the last of a day is
    /// longer by up to a half where a day is no multiple of them.
    ///
    /// @param offset by which all of them are late (C tor's TestingV3AuthVotingStartOffset)
    /// @throws IllegalArgumentException where the delays leave no room in the interval
    public static VotingTimetable after(
            Instant now,
            Duration interval,
            Duration voteDelay,
            Duration distDelay,
            int intervalsValid,
            Duration offset) {
        // As C tor demands of its configuration.
        if (voteDelay.plus(distDelay).compareTo(half(interval)) > 0 || intervalsValid < 2) {
            throw new IllegalArgumentException("no room for a vote");
        }
        return new VotingTimetable(start(now, interval, offset), interval, voteDelay, distDelay, intervalsValid);
    }

    /// When votes are made and sent.
    public Instant voting() {
        return votingEnds().minus(voteDelay);
    }

    /// When votes that did not come are asked for, and none is taken any more that was sent unasked.
    public Instant fetchingVotes() {
        return votingEnds().minus(half(voteDelay));
    }

    /// When the consensus is computed and signed.
    public Instant votingEnds() {
        return validAfter.minus(distDelay);
    }

    /// When signatures that did not come are asked for.
    public Instant fetchingSignatures() {
        return validAfter.minus(half(distDelay));
    }

    /// The timetable of the round that follows.
    public VotingTimetable next(Duration offset) {
        return new VotingTimetable(start(validAfter, interval, offset), interval, voteDelay, distDelay, intervalsValid);
    }

    /// What a vote of this round asks for.
    public VoteTimes times() {
        return new VoteTimes(
                validAfter,
                validAfter.plus(interval),
                validAfter.plus(interval.multipliedBy(intervalsValid)),
                (int) voteDelay.toSeconds(),
                (int) distDelay.toSeconds());
    }

    /// Whole seconds, as C tor counts.
    private static Duration half(Duration duration) {
        return Duration.ofSeconds(duration.toSeconds() / 2);
    }

    private static Instant start(Instant now, Duration interval, Duration offset) {
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
        Instant tomorrow = midnight.plus(1, ChronoUnit.DAYS);
        long passed = Duration.between(midnight, now).toSeconds() / interval.toSeconds();
        Instant next = midnight.plus(interval.multipliedBy(passed + 1));
        // An interval shorter than half of what is usual joins the one before it.
        if (next.plus(half(interval)).isAfter(tomorrow)) {
            next = tomorrow;
        }
        next = next.plus(offset);
        return next.minus(interval).isAfter(now) ? next.minus(interval) : next;
    }
}
