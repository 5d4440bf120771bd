package sallyport.lab.dirauth;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import sallyport.engine.netdoc.Consensus;
import sallyport.lab.authority.VotingTimetable;
import sallyport.lab.vote.VoteTimes;

/// When an authority votes: C tor's options of a testing network.
///
/// @param usual `V3AuthVotingInterval`, `V3AuthVoteDelay` and `V3AuthDistDelay`
/// @param initial the same before there is a consensus (`TestingV3AuthInitialVotingInterval` and so on)
/// @param intervalsValid how many intervals a consensus lives (`V3AuthNIntervalsValid`)
/// @param startOffset by which all rounds are late (`TestingV3AuthVotingStartOffset`)
public record VotingTiming(Delays usual, Delays initial, int intervalsValid, Duration startOffset) {

    /// @param interval from one consensus to the next
    /// @param vote how long votes may take to arrive
    /// @param dist how long signatures may take
    public record Delays(Duration interval, Duration vote, Duration dist) {
        /// As C tor: where they leave no room in the interval, each is a quarter of it.
        Delays within(Duration length) {
            boolean fits = vote.plus(dist).compareTo(length.dividedBy(2)) <= 0;
            Duration quarter = Duration.ofSeconds(length.toSeconds() / 4);
            return fits ? new Delays(length, vote, dist) : new Delays(length, quarter, quarter);
        }
    }

    /// The same delays from the first round on.
    public VotingTiming(Delays always, int intervalsValid, Duration startOffset) {
        this(always, always, intervalsValid, startOffset);
    }

    /// The next round after `now`.
    ///
    /// @param last the newest consensus; null where there is none
    VotingTimetable next(Instant now, @Nullable Consensus last) {
        Delays delays = delays(now, last);
        return VotingTimetable.after(now, delays.interval(), delays.vote(), delays.dist(), intervalsValid, startOffset);
    }

    /// From one consensus to the next, as the last one says while it lives.
    Duration interval(Instant now, @Nullable Consensus last) {
        return delays(now, last).interval();
    }

    /// What to ask for in the vote for a consensus that begins then.
    VoteTimes times(Instant validAfter) {
        return new VoteTimes(
                validAfter,
                validAfter.plus(usual.interval()),
                validAfter.plus(usual.interval().multipliedBy(intervalsValid)),
                (int) usual.vote().toSeconds(),
                (int) usual.dist().toSeconds());
    }

    private Delays delays(Instant now, @Nullable Consensus last) {
        return last == null || !last.isLive(now)
                ? initial.within(initial.interval())
                : usual.within(Duration.between(last.validAfter(), last.freshUntil()));
    }
}
