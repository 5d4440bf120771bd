package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.RelayStatistics.Finished;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.world.World;

/// Ends the periods of one relay's statistics when they are due, and keeps what was counted over a restart: one file a
/// kind below `stats/`, with C tor's names and lines. What is being counted is lost at a restart, as in C tor: a period
/// that was interrupted would tell too little. Blocks: control tasks only.
final class StatisticsKeeper {
    // C tor's CHECK_WRITE_STATS_INTERVAL.
    private static final Duration LOOK = Duration.ofHours(1);
    private static final Duration LOOP_ANSWER_LIMIT = Duration.ofSeconds(10);
    // Ours: the longest has five lines of a few hundred bytes.
    private static final int FILE_BYTES_MAX = 64 * 1024;

    private final World world;
    private final EventLoop loop;
    private final String relay;
    private final String directory;
    private final RelayStatistics statistics;
    private final Map<StatisticKind, Instant> saved = new EnumMap<>(StatisticKind.class);

    StatisticsKeeper(World world, EventLoop loop, String relay, RelayStatistics statistics) {
        this.world = world;
        this.loop = loop;
        this.relay = relay;
        this.directory = "relays/" + relay + "/stats/";
        this.statistics = statistics;
    }

    /// Tells again what was counted before the restart. Before the relay listens.
    void restore() {
        for (StatisticKind kind : StatisticKind.values()) {
            try {
                Optional<byte[]> file = world.storage().read(directory + kind.file(), FILE_BYTES_MAX);
                if (file.isPresent()) {
                    List<String> lines = new String(file.get(), StandardCharsets.US_ASCII)
                            .lines()
                            .toList();
                    Finished counted = kind.counted(lines);
                    saved.put(kind, counted.end());
                    statistics.restore(kind, counted);
                }
            } catch (IOException | DateTimeException e) {
                world.log().warn(relay, "its statistics of " + kind.file() + " cannot be read and are not published");
            }
        }
    }

    /// The body of a task: looks again and again.
    void run() throws InterruptedException {
        while (true) {
            CompletableFuture<Long> passed = new CompletableFuture<>();
            loop.execute(() -> passed.complete(statistics.pass()));
            try {
                Duration due = Duration.ofNanos(world.tasks().await(passed, LOOP_ANSWER_LIMIT));
                save();
                world.tasks().sleep(due.compareTo(LOOK) < 0 ? due : LOOK);
            } catch (ExecutionException | TimeoutException e) {
                world.log().error(relay, "its loop did not say its statistics");
                world.tasks().sleep(LOOK);
            }
        }
    }

    private void save() {
        for (Map.Entry<StatisticKind, Finished> each : statistics.finished().entrySet()) {
            Finished counted = each.getValue();
            if (counted.end().equals(saved.get(each.getKey()))) {
                continue;
            }
            String text = String.join("\n", counted.lines()) + "\n";
            try {
                world.storage().write(directory + each.getKey().file(), text.getBytes(StandardCharsets.US_ASCII));
                saved.put(each.getKey(), counted.end());
            } catch (IOException e) {
                world.log().warn(relay, "its statistics are not saved: " + e.getMessage());
            }
        }
    }
}
