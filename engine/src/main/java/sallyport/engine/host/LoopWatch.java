package sallyport.engine.host;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sallyport.engine.cell.CellPool;
import sallyport.engine.world.World;

/// Asks the event loops how they are. From control tasks.
final class LoopWatch {
    private LoopWatch() {}

    /// All loops in their order; waits for each no longer than `limit`, for all at once.
    ///
    /// @param pools the cells of each loop
    static List<LoopReport> look(World world, List<CellPool> pools, Duration limit) throws InterruptedException {
        List<CompletableFuture<LoopReport>> asked = new ArrayList<>();
        List<EventLoop> loops = world.loops().all();
        for (int i = 0; i < loops.size(); i++) {
            asked.add(ask(world, loops.get(i), pools.get(i), limit));
        }
        List<LoopReport> reports = new ArrayList<>();
        for (CompletableFuture<LoopReport> each : asked) {
            try {
                // It times out by itself.
                reports.add(world.tasks().await(each, limit.multipliedBy(2)));
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("a report that failed", e);
            }
        }
        return reports;
    }

    private static CompletableFuture<LoopReport> ask(World world, EventLoop loop, CellPool pool, Duration limit) {
        LoopReport silent = new LoopReport(limit.toNanos(), 0, 0);
        CompletableFuture<LoopReport> report = new CompletableFuture<>();
        long begin = world.nanoTime();
        try {
            loop.execute(
                    () -> report.complete(new LoopReport(world.nanoTime() - begin, pending(loop), pool.outstanding())));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(silent);
        }
        return report.completeOnTimeout(silent, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static int pending(EventLoop loop) {
        return loop instanceof SingleThreadEventExecutor executor ? executor.pendingTasks() : 0;
    }
}
