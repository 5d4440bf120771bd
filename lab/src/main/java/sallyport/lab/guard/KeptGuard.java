package sallyport.lab.guard;

import java.time.Instant;

/// What outlives a run of one sampled guard.
///
/// @param fingerprint 40 upper-case hexadecimal digits
/// @param nickname empty where none is known
/// @param sampledOn when it came into the sample; up to a tenth of its lifetime too early, lest the file tell when its
///     owner was about
/// @param sampledIdx its place in the sample: what was sampled first is preferred
/// @param sampledBy the version of the program that did so; empty where unknown
/// @param unlistedSince since when consensuses have not listed it, roughly; [#NEVER] while they do
/// @param confirmedOn when it first worked, roughly; [#NEVER] where it has not
/// @param confirmedIdx in which order it first worked; negative where it has not
/// @param extra what others have written of it, in their words
public record KeptGuard(
        String fingerprint,
        String nickname,
        Instant sampledOn,
        int sampledIdx,
        String sampledBy,
        Instant unlistedSince,
        boolean listed,
        Instant confirmedOn,
        int confirmedIdx,
        String extra) {
    static final Instant NEVER = Instant.EPOCH;
    static final int UNCONFIRMED = -1;
}
