package sallyport.lab.overload;

import java.util.Locale;
import org.HdrHistogram.Histogram;
import sallyport.lab.load.LoadReport;
import sallyport.lab.load.Tally;

/// What those who were not attacked had in one phase.
///
/// @param report of their users
/// @param builds nanoseconds that each of their circuits took to be built
/// @param rssKilobytes of our process, the most that was seen
/// @param files open in our process, the most that was seen
/// @param cores how many of the processor's cores all processes kept busy
/// @param ours how many our process did
public record Phase(
        String name, LoadReport report, Histogram builds, long rssKilobytes, long files, double cores, double ours) {
    /// The heads of its columns.
    public static final String TITLE =
            "phase        MiB/s  visits  failed  p99 done  build p50  build p99  builds  RSS MB  files  cores  ours";
    private static final double MEBIBYTE = 1 << 20;

    /// What users received and sent.
    public double mebibytesPerSecond() {
        return report.tallies().values().stream().mapToLong(Tally::bytes).sum()
                / MEBIBYTE
                / report.counted().toSeconds();
    }

    /// How long their circuits took.
    public double buildMillis(double percentile) {
        return builds.getValueAtPercentile(percentile) / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-11s %6.2f %7d %7d %9.0f %10.0f %10.0f %7d %7d %6d %6.2f %5.2f",
                name,
                mebibytesPerSecond(),
                sum(Tally::complete),
                sum(tally -> tally.failures().values().stream()
                        .mapToLong(Long::longValue)
                        .sum()),
                report.tallies().values().stream()
                                .mapToLong(tally -> tally.whole().getValueAtPercentile(99))
                                .max()
                                .orElse(0)
                        / 1e3,
                buildMillis(50),
                buildMillis(99),
                builds.getTotalCount(),
                rssKilobytes / 1_000,
                files,
                cores,
                ours);
    }

    private long sum(java.util.function.ToLongFunction<Tally> of) {
        return report.tallies().values().stream().mapToLong(of).sum();
    }
}
