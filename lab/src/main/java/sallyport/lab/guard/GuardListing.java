package sallyport.lab.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import sallyport.engine.netdoc.NetworkParameters;

/// What one consensus says of guards. An immutable snapshot.
public final class GuardListing {
    // C tor's REASONABLY_LIVE_TIME: a clock that is a little wrong keeps nobody out.
    private static final Duration REASONABLY_LIVE = Duration.ofDays(1);

    /// Before there is a consensus.
    public static final GuardListing NONE =
            new GuardListing(List.of(), NetworkParameters.NONE, Instant.MIN, Instant.MIN);

    private final List<ListedGuard> guards;
    private final Map<String, ListedGuard> byFingerprint;
    private final NetworkParameters parameters;
    private final Instant validAfter;
    private final Instant validUntil;

    /// @param guards each once
    /// @param parameters what was voted
    public GuardListing(
            List<ListedGuard> guards, NetworkParameters parameters, Instant validAfter, Instant validUntil) {
        this(
                List.copyOf(guards),
                guards.stream().collect(Collectors.toUnmodifiableMap(ListedGuard::fingerprint, Function.identity())),
                parameters,
                validAfter,
                validUntil);
    }

    private GuardListing(
            List<ListedGuard> guards,
            Map<String, ListedGuard> byFingerprint,
            NetworkParameters parameters,
            Instant validAfter,
            Instant validUntil) {
        this.guards = guards;
        this.byFingerprint = byFingerprint;
        this.parameters = parameters;
        this.validAfter = validAfter;
        this.validUntil = validUntil;
    }

    /// Only those of some relays: the others are no guards.
    ///
    /// @param which by fingerprint
    public GuardListing of(Predicate<String> which) {
        return new GuardListing(chosen(which), parameters, validAfter, validUntil);
    }

    /// The same, of which only some relays are to be sampled from now on; those that were sampled before stay
    /// listed.
    ///
    /// @param which by fingerprint
    public GuardListing sampledFrom(Predicate<String> which) {
        return new GuardListing(chosen(which), byFingerprint, parameters, validAfter, validUntil);
    }

    private List<ListedGuard> chosen(Predicate<String> which) {
        return guards.stream().filter(guard -> which.test(guard.fingerprint())).toList();
    }

    /// Who may be sampled, in the order of the consensus.
    List<ListedGuard> guards() {
        return guards;
    }

    boolean has(String fingerprint) {
        return byFingerprint.containsKey(fingerprint);
    }

    NetworkParameters parameters() {
        return parameters;
    }

    /// Whether it is new enough to judge guards by it.
    boolean isReasonablyLive(Instant now) {
        return !validUntil.equals(Instant.MIN)
                && !now.isBefore(validAfter.minus(REASONABLY_LIVE))
                && !now.isAfter(validUntil.plus(REASONABLY_LIVE));
    }
}
