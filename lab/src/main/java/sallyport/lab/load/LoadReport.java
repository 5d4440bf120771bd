package sallyport.lab.load;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What a load came to.
///
/// @param tallies of what counted, in the order of the mix
/// @param counted how long arrivals counted
/// @param cost of the load itself, beside what it loads
public record LoadReport(Map<Mix.Share, Tally> tallies, Duration counted, LoadCost cost) {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};
    private static final double MICROS_PER_MILLI = 1_000;
    private static final double MEBIBYTE = 1 << 20;
    private static final double NANOS = 1e9;

    /// Whether each visit that was to begin did, and came to its end as it should.
    public boolean isClean() {
        return tallies.values().stream()
                .allMatch(tally -> tally.turnedAway() == 0 && tally.failures().isEmpty());
    }

    /// The longest that anybody who got an answer waited for its first byte, from the moment at which his
    /// visit was to begin; zero where nobody got one.
    public Duration longestWait() {
        long micros = tallies.values().stream()
                .mapToLong(tally -> tally.first().getMaxValue())
                .max()
                .orElse(0);
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    /// A table of at most 80 columns, times in milliseconds.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "%-8s %7s %7s %6s %7s  %-5s %7s %7s %7s %7s",
                "PROFILE", "BEGUN", "DONE", "FAILED", "MiB/s", "ms", "p50", "p90", "p99", "p99.9"));
        tallies.forEach((share, tally) -> {
            long failed = tally.failures().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            lines.add(String.format(
                            Locale.ROOT,
                            "%-8s %7d %7d %6d %7.2f  ",
                            share.name(),
                            tally.begun(),
                            tally.complete(),
                            failed,
                            tally.bytes() / MEBIBYTE / (counted.toNanos() / NANOS))
                    + row("first", tally.first()));
            lines.add(" ".repeat(41) + row(share.profile() instanceof Profile.Chat ? "line" : "done", tally.whole()));
            tally.failures().forEach((reason, count) -> lines.add("  " + count + " failed: " + reason));
            if (tally.turnedAway() > 0) {
                lines.add("  " + tally.turnedAway() + " NOT BEGUN, for too many were under way:"
                        + " this was not the load that was planned");
            }
        });
        lines.addAll(cost.lines());
        return lines;
    }

    private static String row(String what, Histogram histogram) {
        StringBuilder row = new StringBuilder(String.format("%-5s", what));
        for (double percentile : PERCENTILES) {
            double millis = histogram.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
            row.append(
                    histogram.getTotalCount() == 0
                            ? "       -"
                            : String.format(Locale.ROOT, millis < 100 ? " %7.1f" : " %7.0f", millis));
        }
        return row.toString();
    }
}
