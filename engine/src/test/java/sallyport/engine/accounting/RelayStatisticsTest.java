package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.Ticker;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.SeededEntropy;
import sallyport.engine.world.SettableClock;
import sallyport.engine.world.SteppedTicker;

/// When statistics begin, end, and are told.
class RelayStatisticsTest implements ClosedWorld {
    private final SettableClock clock = new SettableClock();
    private final SeededEntropy entropy = new SeededEntropy(5);
    private long nanos = 77;
    private final RelayStatistics statistics = TestStatistics.none(this);

    @Test
    void aDayIsToldWhenItIsOver() {
        clock.set(Instant.parse("2026-11-22T08:00:00Z"));
        statistics.follow(Set.of(StatisticKind.EXIT_PORTS, StatisticKind.LINK_DIRECTIONS), true);
        ports().opened(80);
        pass(Duration.ofHours(23));
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE)).isEmpty();
        pass(Duration.ofHours(1).plusSeconds(3));
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE))
                .containsExactly(
                        "exit-stats-end 2026-11-23 08:00:03 (86403 s)",
                        "exit-kibibytes-written other=0",
                        "exit-kibibytes-read other=0",
                        // No port is named that has no bytes.
                        "exit-streams-opened other=4",
                        "conn-bi-direct 2026-11-23 08:00:03 (86403 s) 0,0,0,0",
                        "ipv6-conn-bi-direct 2026-11-23 08:00:03 (86403 s) 0,0,0,0");

        // The next day begins anew.
        pass(Duration.ofDays(1));
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE)).contains("exit-streams-opened other=0");
    }

    @Test
    void oneKnowsWhenToLookAgain() {
        clock.set(Instant.parse("2026-11-22T08:00:00Z"));
        statistics.follow(Set.of(StatisticKind.EXIT_PORTS), true);
        assertThat(statistics.pass()).isEqualTo(Duration.ofDays(1).toNanos());
        assertThat(pass(Duration.ofHours(20))).isEqualTo(Duration.ofHours(4).toNanos());
        statistics.follow(Set.of(StatisticKind.EXIT_PORTS, StatisticKind.ONION_SERVICES), true);
        // It is four in the morning.
        assertThat(statistics.pass()).isEqualTo(Duration.ofHours(4).toNanos());
        assertThat(pass(Duration.ofHours(4))).isEqualTo(Duration.ofHours(4).toNanos());
        assertThat(pass(Duration.ofHours(4))).isEqualTo(Duration.ofHours(20).toNanos());
    }

    /// Before its first noon a relay counts nothing of onion services: half a day would count some of them twice.
    @Test
    void onionServicesAreCountedFromNoonToNoon() {
        clock.set(Instant.parse("2026-11-22T12:00:01Z"));
        statistics.follow(Set.of(StatisticKind.ONION_SERVICES, StatisticKind.ONION_SERVICES_V2), true);
        OnionServiceActivity activity = Objects.requireNonNull(statistics.onionServices());
        for (int i = 0; i < 10_000_000; i++) {
            activity.relayed();
        }
        pass(Duration.ofDays(1).minusSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE))
                .extracting(line -> line.split(" ", -1)[0])
                .containsExactly("hidserv-stats-end", "hidserv-rend-relayed-cells", "hidserv-dir-onions-seen");
        pass(Duration.ofDays(1).minusSeconds(1));
        List<String> lines = statistics.extraInfoLines(Long.MAX_VALUE);
        assertThat(lines).contains("hidserv-v3-stats-end 2026-11-24 12:00:00 (86400 s)");
        assertThat(lines.get(4)).startsWith("hidserv-rend-v3-relayed-cells ");
        assertThat(Long.parseLong(lines.get(4).split(" ", -1)[1])).isLessThan(1_000_000);
    }

    /// C tor's order; 25 hours after its day a statistic is old.
    @Test
    void whatIsOldIsNotTold() {
        statistics.follow(Set.of(StatisticKind.values()), true);
        pass(Duration.ofDays(1));
        statistics.padding().read(false, false);
        statistics.padding().written(1, false);
        pass(Duration.ofDays(1));
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE))
                .extracting(line -> line.split(" ", -1)[0])
                .containsExactly(
                        "dirreq-stats-end",
                        "dirreq-v3-ips",
                        "dirreq-v3-reqs",
                        "dirreq-v3-resp",
                        "dirreq-v3-direct-dl",
                        "dirreq-v3-tunneled-dl",
                        "hidserv-stats-end",
                        "hidserv-rend-relayed-cells",
                        "hidserv-dir-onions-seen",
                        "hidserv-v3-stats-end",
                        "hidserv-rend-v3-relayed-cells",
                        "hidserv-dir-v3-onions-seen",
                        "entry-stats-end",
                        "entry-ips",
                        "cell-stats-end",
                        "cell-processed-cells",
                        "cell-queued-cells",
                        "cell-time-in-queue",
                        "cell-circuits-per-decile",
                        "exit-stats-end",
                        "exit-kibibytes-written",
                        "exit-kibibytes-read",
                        "exit-streams-opened",
                        "conn-bi-direct",
                        "ipv6-conn-bi-direct",
                        "padding-counts");
        clock.advance(Duration.ofHours(25));
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE)).isNotEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE))
                .filteredOn(line -> line.startsWith("exit-"))
                .isEmpty();
        clock.advance(Duration.ofHours(-27));
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void whatIsNotWantedIsNeitherCountedNorTold() {
        statistics.follow(Set.of(StatisticKind.EXIT_PORTS), true);
        pass(Duration.ofDays(1));
        statistics.bandwidth().read(4096, false, nanos);
        statistics.bandwidth().read(1, false, nanos + Duration.ofDays(1).toNanos());
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE)).hasSize(5);
        assertThat(statistics.directoryRequests()).isNull();

        statistics.follow(Set.of(StatisticKind.EXIT_PORTS), false);
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE)).isEmpty();
        statistics.follow(Set.of(), true);
        assertThat(statistics.exitPorts()).isNull();
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE))
                .singleElement()
                .asString()
                .startsWith("read-history ");
    }

    @Test
    void aRestartGoesOnTelling() {
        List<String> lines = List.of("conn-bi-direct 2026-11-21 12:00:00 (86400 s) 1,2,3,4", "ipv6-conn-bi-direct 5");
        RelayStatistics.Finished counted = StatisticKind.LINK_DIRECTIONS.counted(lines);
        assertThat(counted.end()).isEqualTo(Instant.parse("2026-11-21T12:00:00Z"));
        statistics.restore(StatisticKind.LINK_DIRECTIONS, counted);
        statistics.restore(StatisticKind.EXIT_PORTS, counted);
        statistics.follow(Set.of(StatisticKind.LINK_DIRECTIONS), true);
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE)).isEqualTo(lines);

        for (String broken :
                List.of("conn-bi-direct", "conn-bi-direct 2026-11-21 12:00", "conn-bi-direct x" + "y".repeat(30))) {
            assertThatThrownBy(() -> StatisticKind.LINK_DIRECTIONS.counted(List.of(broken)))
                    .isInstanceOf(DateTimeException.class);
        }
    }

    private ExitPorts ports() {
        return Objects.requireNonNull(statistics.exitPorts());
    }

    private long pass(Duration time) {
        nanos += time.toNanos();
        clock.advance(time);
        return statistics.pass();
    }

    @Override
    public Ticker ticker() {
        return (SteppedTicker) () -> nanos;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }
}
