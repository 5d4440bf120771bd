package sallyport.lab.roster;

import java.util.List;
import java.util.Locale;

/// What a relay needs for Stable, Fast and Guard in the network as it is (dir-spec 3.4.2).
///
/// @param stableUptime seconds
/// @param stableMtbf seconds
/// @param enoughMtbf whether times between failures count, instead of uptimes
/// @param guardTimeKnown seconds
/// @param guardWfu a fraction of the time known
/// @param guardKbWithExits where exits may be guards
/// @param guardKbWithoutExits where they may not
record Thresholds(
        long stableUptime,
        double stableMtbf,
        boolean enoughMtbf,
        long fastKb,
        double guardWfu,
        long guardTimeKnown,
        long guardKbWithExits,
        long guardKbWithoutExits) {

    /// What one relay counts for.
    ///
    /// @param exit whether it is an exit, and not a bad one
    record Sample(long uptime, double mtbf, long timeKnown, double wfu, long kb, boolean exit) {}

    // As C tor: a median network with less than half of what it demands of relays (75 KiB/s) asks for more.
    private static final long SLOW_KB = 75 * 1024 / (2 * 1_000);
    private static final int BYTES_PER_KB = 1_000;

    /// @param minFast bytes per second
    /// @param maxFast bytes per second
    static Thresholds of(
            List<Sample> samples, RosterSettings.Flags flags, long minFast, long maxFast, boolean enoughMtbf) {
        long[] kb = samples.stream().mapToLong(Sample::kb).sorted().toArray();
        long[] kbWithoutExits = samples.stream()
                .filter(sample -> !sample.exit())
                .mapToLong(Sample::kb)
                .sorted()
                .toArray();
        long[] known = samples.stream().mapToLong(Sample::timeKnown).sorted().toArray();
        long[] uptimes = samples.stream().mapToLong(Sample::uptime).sorted().toArray();
        double[] mtbfs = samples.stream().mapToDouble(Sample::mtbf).sorted().toArray();
        long timeKnown =
                Math.min(at(known, known.length / 8), flags.guardTimeKnown().toSeconds());
        // The familiar ones decide how much of the time one has to be up.
        double[] wfus = samples.stream()
                .filter(sample -> sample.timeKnown() >= timeKnown)
                .mapToDouble(Sample::wfu)
                .sorted()
                .toArray();
        return new Thresholds(
                at(uptimes, (uptimes.length - 1) / 2),
                median(mtbfs),
                enoughMtbf,
                fast(kb, flags.fastGuarantee(), minFast, maxFast),
                Math.min(median(wfus), flags.guardWfu()),
                timeKnown,
                at(kb, (int) (kb.length * flags.guardBandwidthFraction())),
                at(kbWithoutExits, (int) (kbWithoutExits.length * flags.guardBandwidthFraction())));
    }

    private static long fast(long[] kb, long guarantee, long minFast, long maxFast) {
        long fast = at(kb, kb.length / 8);
        if (fast < SLOW_KB) {
            fast = at(kb, kb.length / 4);
        }
        fast = Math.max(fast, minFast / BYTES_PER_KB);
        fast = Math.min(fast, maxFast / BYTES_PER_KB);
        return guarantee > 0 ? Math.min(fast, guarantee / BYTES_PER_KB) : fast;
    }

    /// The value of a vote's `flag-thresholds`.
    String line(boolean ignoringAdvertised) {
        return "stable-uptime=" + stableUptime + " stable-mtbf=" + (long) stableMtbf + " fast-speed="
                + fastKb * BYTES_PER_KB + String.format(Locale.ROOT, " guard-wfu=%.3f%%", guardWfu * 100)
                + " guard-tk=" + guardTimeKnown + " guard-bw-inc-exits=" + guardKbWithExits * BYTES_PER_KB
                + " guard-bw-exc-exits=" + guardKbWithoutExits * BYTES_PER_KB + " enough-mtbf=" + (enoughMtbf ? 1 : 0)
                + " ignoring-advertised-bws=" + (ignoringAdvertised ? 1 : 0);
    }

    /// 0 where there are none; a fraction of 1 asks for one more than there are, and gets the last.
    private static long at(long[] sorted, int index) {
        return sorted.length == 0 ? 0 : sorted[Math.min(index, sorted.length - 1)];
    }

    /// The lower of two middle ones.
    private static double median(double[] sorted) {
        return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) / 2];
    }
}
