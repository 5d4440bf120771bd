package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.world.ClosedWorld;
import sallyport.engine.world.Log;
import sallyport.engine.world.MemoryStorage;
import sallyport.engine.world.SettableClock;
import sallyport.engine.world.SteppedTicker;
import sallyport.engine.world.Storage;
import sallyport.engine.world.Tasks;

/// Statistics on the disk.
class StatisticsKeeperTest implements ClosedWorld {
    private static final String FILE = "relays/r1/stats/conn-stats";
    private static final Set<StatisticKind> KINDS = Set.of(StatisticKind.LINK_DIRECTIONS, StatisticKind.EXIT_PORTS);
    private static final String CONTENT = """
            conn-bi-direct 2026-11-23 08:00:00 (86400 s) 0,0,0,0
            ipv6-conn-bi-direct 2026-11-23 08:00:00 (86400 s) 0,0,0,0
            """;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final MemoryStorage storage = new MemoryStorage();
    private final SettableClock clock = new SettableClock();
    private final List<String> lines = new ArrayList<>();
    private final List<Duration> slept = new ArrayList<>();
    private long nanos = 5;
    private final RelayStatistics statistics = TestStatistics.none(this);
    private final StatisticsKeeper keeper = new StatisticsKeeper(this, channel.eventLoop(), "r1", statistics);

    @BeforeEach
    void begin() {
        clock.set(Instant.parse("2026-11-22T08:00:00Z"));
        statistics.follow(KINDS, true);
    }

    @Test
    void aPeriodThatEndedIsWrittenOnceAndToldAfterARestart() {
        pass(Duration.ofHours(23).plusMinutes(30));
        assertThat(storage.written()).isEmpty();
        assertThat(slept).containsExactly(Duration.ofMinutes(30));
        pass(Duration.ofMinutes(30));
        assertThat(storage.written()).containsExactlyInAnyOrder(FILE, "relays/r1/stats/exit-stats");
        assertThat(new String(storage.content().get(FILE), StandardCharsets.US_ASCII))
                .isEqualTo(CONTENT);
        pass(Duration.ofHours(1));
        assertThat(storage.written()).hasSize(2);
        assertThat(slept.getLast()).isEqualTo(Duration.ofHours(1));

        RelayStatistics next = TestStatistics.none(this);
        new StatisticsKeeper(this, channel.eventLoop(), "r1", next).restore();
        next.follow(Set.of(StatisticKind.LINK_DIRECTIONS), true);
        assertThat(String.join("\n", next.extraInfoLines(Long.MAX_VALUE)) + "\n")
                .isEqualTo(CONTENT);
        assertThat(lines).isEmpty();
    }

    @Test
    void aFullDiskIsTriedAgain() {
        storage.fullAfter(0);
        pass(Duration.ofDays(1));
        assertThat(lines)
                .hasSize(2)
                .first()
                .asString()
                .contains("its statistics are not saved: No space left on device");
        storage.fullAfter(9);
        pass(Duration.ofHours(1));
        assertThat(storage.written()).hasSize(2);
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndNotPublished() throws Exception {
        storage.write(FILE, "conn-bi-direct soon".getBytes(StandardCharsets.US_ASCII));
        storage.write("relays/r1/stats/exit-stats", new byte[70_000]);
        keeper.restore();
        assertThat(statistics.extraInfoLines(Long.MAX_VALUE)).isEmpty();
        assertThat(lines)
                .containsExactly(
                        "WARN r1 its statistics of exit-stats cannot be read and are not published",
                        "WARN r1 its statistics of conn-stats cannot be read and are not published");
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        clock.advance(time);
        assertThatThrownBy(keeper::run).isInstanceOf(InterruptedException.class);
    }

    @Override
    public Tasks tasks() {
        return new Tasks() {
            @Override
            public Task start(String name, Body body) {
                throw ClosedWorld.shut("task");
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                slept.add(duration);
                throw new InterruptedException("the test goes on");
            }

            @Override
            public <T> T await(CompletionStage<T> stage, Duration limit)
                    throws InterruptedException, ExecutionException {
                channel.runPendingTasks();
                return stage.toCompletableFuture().get();
            }
        };
    }

    @Override
    public Storage storage() {
        return storage;
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
    public Log log() {
        return (level, relay, text) -> lines.add(level + " " + relay + " " + text);
    }
}
