package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.HistoryLines;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.world.World;

/// Keeps the bandwidth history of one relay over a restart, in its `state` file. Blocks: control tasks only.
final class HistoryKeeper {
    // C tor writes its state two hours after the history changed; what a crash may cost is the descriptor's figures of
    // so long.
    static final Duration INTERVAL = Duration.ofHours(1);
    private static final Duration LOOP_ANSWER_LIMIT = Duration.ofSeconds(10);

    private final World world;
    private final EventLoop loop;
    private final String relay;
    private final BandwidthHistory history;
    private final RelayKeys keys;

    HistoryKeeper(World world, EventLoop loop, String relay, BandwidthHistory history, RelayKeys keys) {
        this.world = world;
        this.loop = loop;
        this.relay = relay;
        this.history = history;
        this.keys = keys;
    }

    /// Goes on with what the file holds. Before the relay listens.
    void restore() throws KeyFileException {
        if (!HistoryLines.restore(
                keys.stateLines(),
                history,
                world.clock().instant(),
                world.ticker().nanoTime())) {
            world.log().warn(relay, "its bandwidth history cannot be read and begins anew");
        }
    }

    /// The body of a task: saves again and again.
    void run() throws InterruptedException {
        while (true) {
            world.tasks().sleep(INTERVAL);
            save();
        }
    }

    void save() throws InterruptedException {
        CompletableFuture<List<String>> lines = new CompletableFuture<>();
        loop.execute(() -> lines.complete(
                HistoryLines.of(history, world.clock().instant(), world.ticker().nanoTime())));
        try {
            keys.replaceStateLines(HistoryLines.KEYWORDS, world.tasks().await(lines, LOOP_ANSWER_LIMIT));
        } catch (KeyFileException | IOException e) {
            world.log().warn(relay, "its bandwidth history is not saved: " + e.getMessage());
        } catch (ExecutionException | TimeoutException e) {
            world.log().error(relay, "its loop did not say its bandwidth history");
        }
    }
}
