package sallyport.engine.descriptor;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When a new descriptor is due. A pure function of what is known at one moment.
/// @param check how often to ask
/// @param force a descriptor of that age is replaced in any case
/// @param retryUnlisted a descriptor of that age is replaced when the consensus lacks it
/// @param unproven how long after the start to publish without a proof of reachability; null for never
/// @param bandwidthGap the least time between two descriptors that differ in bandwidth only
/// @param bandwidthUptime for how long after the start a changed bandwidth matters
/// @param retryMin the first pause before a failed upload is tried again; each pause is twice the one before
/// @param retryMax the longest such pause
record PublishingRules(
        Duration check,
        Duration force,
        Duration retryUnlisted,
        @Nullable Duration unproven,
        Duration bandwidthGap,
        Duration bandwidthUptime,
        Duration retryMin,
        Duration retryMax) {
    /// C tor's figures: checked every minute, 18 h, 90 min, ×2 within the first day but every 3 h at most. Ours: the
    /// pauses of retries.
    static final PublishingRules PUBLIC_NETWORK = new PublishingRules(
            Duration.ofSeconds(60),
            Duration.ofHours(18),
            Duration.ofMinutes(90),
            null,
            Duration.ofHours(3),
            Duration.ofHours(24),
            Duration.ofMinutes(1),
            Duration.ofHours(1));

    /// Ours, for a private network whose authorities vote every few seconds: there is nobody to prove reachability
    /// before the first consensus, so it is not waited for longer than that.
    static final PublishingRules TESTING = new PublishingRules(
            Duration.ofSeconds(5),
            Duration.ofHours(18),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofHours(3),
            Duration.ofHours(24),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30));

    private static final int BANDWIDTH_FACTOR = 2;

    /// What is known.
    /// @param uptime since the instance started
    /// @param changed why the present descriptor is no longer true; null when it is
    /// @param last the newest descriptor that was published; null before the first
    /// @param listing what a live consensus says of us; null without a live consensus
    record Known(
            Instant now,
            Duration uptime,
            boolean reachable,
            @Nullable String changed,
            @Nullable ServerDescriptor last,
            long observedBytesPerSecond,
            @Nullable Listing listing) {}

    /// @param listed whether the consensus names us
    /// @param stale whether it calls our descriptor stale and is younger than it
    record Listing(boolean listed, boolean stale) {}

    /// Why to publish now; null when there is no reason. A constant text, sent to the authorities.
    @Nullable
    String due(Known known) {
        boolean mayPublish =
                known.reachable() || (unproven != null && known.uptime().compareTo(unproven) >= 0);
        if (!mayPublish) {
            return null;
        }
        ServerDescriptor last = known.last();
        if (last == null) {
            return "initial descriptor";
        }
        if (known.changed() != null) {
            return known.changed();
        }
        Duration age = Duration.between(last.published(), known.now());
        if (age.compareTo(force) >= 0) {
            return "time for new descriptor";
        }
        // A clock that was set back: the authorities keep the newest `published`, so wait until it is ours again.
        if (age.isNegative()) {
            return null;
        }
        Listing listing = known.listing();
        if (listing != null && age.compareTo(retryUnlisted) >= 0) {
            if (!listing.listed()) {
                return "not listed in consensus";
            }
            if (listing.stale()) {
                return "listed as stale in consensus";
            }
        }
        boolean bandwidthMatters = known.uptime().compareTo(bandwidthUptime) < 0
                // As C tor: the first figure above zero is not held back.
                && (age.compareTo(bandwidthGap) >= 0 || last.observedBytesPerSecond() == 0);
        return bandwidthMatters && isOtherBandwidth(last.observedBytesPerSecond(), known.observedBytesPerSecond())
                ? "bandwidth has changed"
                : null;
    }

    /// The pause after so many failed attempts in a row, at least one.
    Duration pauseAfter(int failures) {
        Duration pause = retryMin;
        for (int i = 1; i < failures && pause.compareTo(retryMax) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(retryMax) > 0 ? retryMax : pause;
    }

    private static boolean isOtherBandwidth(long before, long after) {
        return (before == 0) != (after == 0) || after > before * BANDWIDTH_FACTOR || after < before / BANDWIDTH_FACTOR;
    }
}
