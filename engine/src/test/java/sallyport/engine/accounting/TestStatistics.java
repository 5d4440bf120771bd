package sallyport.engine.accounting;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.World;

/// Statistics for tests of whoever feeds them.
public final class TestStatistics {
    private TestStatistics() {}

    /// Only what is always counted.
    public static RelayStatistics none(World world) {
        return new RelayStatistics(world, new BandwidthHistory(0), RelayStatistics.PERIOD);
    }

    /// Those kinds too, from now on; needs a ticker, and entropy when something is counted.
    public static RelayStatistics of(World world, StatisticKind... kinds) {
        RelayStatistics statistics = none(world);
        statistics.follow(Set.of(kinds), true);
        return statistics;
    }

    /// What one of them counted so far.
    public static List<String> lines(@Nullable Object statistic, long nowNanos) {
        return ((Statistic) Objects.requireNonNull(statistic)).lines("DAY", nowNanos);
    }

    /// Relay cells of joined circuits, without the noise.
    public static long relayed(RelayStatistics statistics) {
        return Objects.requireNonNull(statistics.onionServices()).cells();
    }

    /// Onion services that stored descriptors, without the noise.
    public static long stored(RelayStatistics statistics) {
        return Objects.requireNonNull(statistics.onionServices()).services();
    }

    /// Their period begins at once, not at noon.
    public static void beginOnionServices(RelayStatistics statistics) {
        Objects.requireNonNull(statistics.onionServices()).begin(0);
    }
}
