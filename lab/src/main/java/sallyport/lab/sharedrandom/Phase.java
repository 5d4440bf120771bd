package sallyport.lab.sharedrandom;

import java.time.Duration;
import java.time.Instant;

/// The two halves of a run of the protocol (srv-spec 3), each of twelve rounds of voting.
public enum Phase {
    /// Authorities commit themselves to a number that nobody else knows.
    COMMIT,
    /// They tell it.
    REVEAL;

    // srv-spec 3: "SHARED_RANDOM_N_ROUNDS = 12".
    static final int ROUNDS = 12;
    /// How many rounds a run has.
    static final int ROUNDS_OF_RUN = 2 * ROUNDS;

    /// The phase of the consensus that begins at `validAfter`. Rounds are counted from 1970, so that with
    /// one an hour a run is a day.
    ///
    /// @param interval from one consensus to the next
    public static Phase of(Instant validAfter, Duration interval) {
        return round(validAfter, interval) < ROUNDS ? COMMIT : REVEAL;
    }

    /// Which round of its run a time belongs to, from 0.
    static long round(Instant time, Duration interval) {
        return time.getEpochSecond() / interval.toSeconds() % ROUNDS_OF_RUN;
    }
}
