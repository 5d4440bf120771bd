package sallyport.lab.guard;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import sallyport.engine.netdoc.NetworkParameters;

/// The numbers of guard-spec's appendix "Parameters with suggested values", as voted.
///
/// @param sampleMax the sample never grows beyond this many guards
/// @param samplePercentMax nor beyond this part of the network's, unless that is fewer than `usableMin`
/// @param usableMin how many usable guards the sample shall have
/// @param unlistedMax a guard that has not been listed for so long is forgotten
/// @param lifetime one that was never used, after so long
/// @param confirmedLifetime one that was, after so long
/// @param primaries how many are tried before all others
/// @param primariesToUse between how many of those that work the circuits are shared out
/// @param downNanos after so long without any success the network is likely to have been down
/// @param connectNanos so long a better guard that does not answer holds up a worse one that did
/// @param idleNanos so long a circuit waits for better guards to fail
record GuardParameters(
        int sampleMax,
        int samplePercentMax,
        int usableMin,
        Duration unlistedMax,
        Duration lifetime,
        Duration confirmedLifetime,
        int primaries,
        int primariesToUse,
        long downNanos,
        long connectNanos,
        long idleNanos) {
    private static final int DAYS_MAX = 3650;
    private static final int MINUTES_10 = 600;

    /// @param primaries what the client wants; 0: as voted
    static GuardParameters of(NetworkParameters voted, int primaries) {
        return new GuardParameters(
                positive(voted, "guard-max-sample-size", 60),
                voted.get("guard-max-sample-threshold-percent", 1, 100, 20),
                positive(voted, "guard-min-filtered-sample-size", 20),
                days(voted, "guard-remove-unlisted-guards-after-days", 20),
                days(voted, "guard-lifetime-days", 120),
                days(voted, "guard-confirmed-min-lifetime-days", 60),
                primaries > 0 ? primaries : positive(voted, "guard-n-primary-guards", 3),
                positive(voted, "guard-n-primary-guards-to-use", 1),
                seconds(voted, "guard-internet-likely-down-interval", MINUTES_10),
                seconds(voted, "guard-nonprimary-guard-connect-timeout", 15),
                seconds(voted, "guard-nonprimary-guard-idle-timeout", MINUTES_10));
    }

    /// How large the sample may become in a network of so many guards.
    int sampleMax(int listed) {
        return Math.max(usableMin, Math.min(sampleMax, (int) ((long) listed * samplePercentMax / 100)));
    }

    private static Duration days(NetworkParameters voted, String name, int dflt) {
        return Duration.ofDays(voted.get(name, 1, DAYS_MAX, dflt));
    }

    private static long seconds(NetworkParameters voted, String name, int dflt) {
        return TimeUnit.SECONDS.toNanos(positive(voted, name, dflt));
    }

    private static int positive(NetworkParameters voted, String name, int dflt) {
        return voted.get(name, 1, Integer.MAX_VALUE, dflt);
    }
}
