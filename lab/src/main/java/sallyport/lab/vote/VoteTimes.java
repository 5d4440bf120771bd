package sallyport.lab.vote;

import java.time.Instant;

/// The times a vote asks for (dir-spec 3.4.1).
///
/// @param voteSeconds how long votes may take to arrive
/// @param distSeconds how long signatures may take
public record VoteTimes(Instant validAfter, Instant freshUntil, Instant validUntil, int voteSeconds, int distSeconds) {}
