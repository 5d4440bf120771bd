package sallyport.supervisor.config;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.instance.StatisticsSpec;

/// Reads `statistics { ... }`: what the relays of this file count, and whether they tell.
final class StatisticsReader {
    private record Switch(String key, Set<StatisticKind> kinds) {
        static Switch of(String key, StatisticKind... kinds) {
            return new Switch(key, Set.of(kinds));
        }
    }

    // Ours: a relay writes a file for each statistic and period.
    private static final Duration PERIOD_MIN = Duration.ofSeconds(10);
    private static final List<Switch> SWITCHES = List.of(
            Switch.of("directory-requests", StatisticKind.DIRECTORY_REQUESTS),
            Switch.of("onion-services", StatisticKind.ONION_SERVICES, StatisticKind.ONION_SERVICES_V2),
            Switch.of("padding", StatisticKind.PADDING),
            Switch.of("entries", StatisticKind.ENTRIES),
            Switch.of("cells", StatisticKind.CELLS),
            Switch.of("exit-ports", StatisticKind.EXIT_PORTS),
            Switch.of("link-directions", StatisticKind.LINK_DIRECTIONS));

    private StatisticsReader() {}

    static StatisticsSpec read(Section file, boolean testing) {
        Value value = file.optional("statistics");
        Section section = value == null ? null : value.section("statistics { extra-info = true }");
        if (section == null) {
            return StatisticsSpec.DEFAULT;
        }
        boolean told = section.flag("extra-info", true);
        boolean overload = section.flag("overload", true);
        Set<StatisticKind> kinds = EnumSet.noneOf(StatisticKind.class);
        for (Switch each : SWITCHES) {
            if (section.flag(each.key(), StatisticsSpec.DEFAULT.kinds().containsAll(each.kinds()))) {
                kinds.addAll(each.kinds());
            }
        }
        Duration period = period(section.optional("period"), testing);
        section.finish();
        return new StatisticsSpec(told, overload, kinds, period);
    }

    private static Duration period(@Nullable Value value, boolean testing) {
        Duration period = value == null ? null : value.duration(PERIOD_MIN, RelayStatistics.PERIOD);
        if (value != null && period != null && !testing) {
            value.problem("is for testing networks: less than a day would tell of single people", "remove it");
        }
        return period == null ? RelayStatistics.PERIOD : period;
    }
}
