package sallyport.engine.instance;

import java.time.Duration;
import java.util.Set;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;

/// What a relay counts, and whether it tells.
///
/// @param told whether histories and statistics stand in the extra-info document (`ExtraInfoStatistics`)
/// @param overload whether it tells when it had more to do than it could (`OverloadStatistics`)
/// @param kinds what is counted
/// @param period how long each is counted for; a day, and shorter in testing networks alone
public record StatisticsSpec(boolean told, boolean overload, Set<StatisticKind> kinds, Duration period) {
    /// C tor's defaults.
    public static final StatisticsSpec DEFAULT = new StatisticsSpec(
            true,
            true,
            Set.of(
                    StatisticKind.DIRECTORY_REQUESTS,
                    StatisticKind.ONION_SERVICES_V2,
                    StatisticKind.ONION_SERVICES,
                    StatisticKind.PADDING),
            RelayStatistics.PERIOD);

    public StatisticsSpec {
        kinds = Set.copyOf(kinds);
    }
}
