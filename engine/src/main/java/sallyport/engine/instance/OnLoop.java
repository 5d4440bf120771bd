package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import sallyport.engine.world.World;

/// The loop of one relay, for control tasks that want something done there.
record OnLoop(World world, EventLoop loop, String relay) {
    // Ours: a turn takes milliseconds; who waits longer has a loop that hangs, and goes on without it.
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    /// At some time.
    void later(Runnable work) {
        loop.execute(work);
    }

    /// Waits for it, within limits.
    ///
    /// @param late what the log says of the loop that did not do it
    void run(Runnable work, String late) throws InterruptedException {
        try {
            world.tasks().await(CompletableFuture.runAsync(work, loop), ANSWER_LIMIT);
        } catch (ExecutionException | TimeoutException e) {
            world.log().error(relay, "its loop " + late);
        }
    }
}
