package sallyport.lab.roster;

import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;

/// When one relay was up and when it was down, older times weighing less (C tor's or_history_t). Times are
/// seconds since 1970, 0 for none, as C tor counts.
final class RelayTrack {
    // As C tor (STABILITY_EPSILON): whose runs weigh less together is forgotten.
    private static final double EPSILON = 0.0001;

    long startOfRun;
    long startOfDowntime;
    /// Seconds of all runs that ended, and how many they were.
    long weightedRunLength;
    double totalRunWeights;
    /// Seconds up, and seconds known.
    long weightedUptime;
    long totalWeightedTime;

    private @Nullable RelayAddress lastReached;

    /// Found at an address; null where only the fact counts.
    ///
    /// @param penaltySeconds how long a relay that has moved counts as down
    void reachable(@Nullable RelayAddress at, long when, int penaltySeconds) {
        boolean moved = at != null && lastReached != null && !at.equals(lastReached);
        if (startOfRun == 0) {
            startOfRun = when;
        }
        if (startOfDowntime != 0) {
            totalWeightedTime += when - startOfDowntime;
            startOfDowntime = 0;
        } else if (moved) {
            unreachable(when - penaltySeconds);
            reachable(null, when, penaltySeconds);
        }
        lastReached = at == null ? lastReached : at;
    }

    void unreachable(long when) {
        if (startOfRun != 0) {
            long length = when - startOfRun;
            totalRunWeights += 1;
            startOfRun = 0;
            if (length < 0) {
                weightedRunLength = Math.max(0, weightedRunLength + length);
                weightedUptime = Math.max(0, weightedUptime + length);
            } else {
                weightedRunLength += length;
                weightedUptime += length;
                totalWeightedTime += length;
            }
        }
        if (startOfDowntime == 0) {
            startOfDowntime = when;
        }
    }

    /// As if it had never been up.
    void pessimal(long when) {
        unreachable(when);
        weightedRunLength = 0;
        weightedUptime = 0;
    }

    void discount(double factor) {
        weightedRunLength = (long) (weightedRunLength * factor);
        totalRunWeights *= factor;
        weightedUptime = (long) (weightedUptime * factor);
        totalWeightedTime = (long) (totalWeightedTime * factor);
    }

    boolean isForgotten() {
        return totalRunWeights < EPSILON && startOfRun == 0;
    }

    /// Mean time between failures, in seconds.
    double mtbf(long now) {
        long total = weightedRunLength + (startOfRun == 0 ? 0 : now - startOfRun);
        double weights = totalRunWeights + (startOfRun == 0 ? 0 : 1);
        return weights < EPSILON ? 0 : total / weights;
    }

    /// Fraction of the time known in which it was up.
    double fractionalUptime(long now) {
        long known = timeKnown(now);
        long up = weightedUptime + (startOfRun == 0 ? 0 : now - startOfRun);
        return known == 0 ? 0 : (double) up / known;
    }

    /// Seconds.
    long timeKnown(long now) {
        if (startOfRun != 0) {
            return totalWeightedTime + now - startOfRun;
        }
        return totalWeightedTime + (startOfDowntime == 0 ? 0 : now - startOfDowntime);
    }

    /// Seconds of the run that lasts.
    long uptime(long now) {
        return startOfRun == 0 || now < startOfRun ? 0 : now - startOfRun;
    }
}
