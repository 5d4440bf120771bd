package sallyport.lab.load;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Runs a [Load] in real time, on an event loop of its own, and measures what it costs.
public final class LoadRun {
    // Ours: for the first circuit of a client that has just come up.
    private static final Duration PROBE = Duration.ofSeconds(60);

    private LoadRun() {}

    /// Runs the load on an event loop of its own, and returns when its last visit has ended.
    ///
    /// @param opener makes what opens the streams, on the loop it is given
    /// @param pids processes whose processor time is to be stated
    /// @throws IOException where the far end is not reached
    public static LoadReport run(LoadPlan plan, Function<EventLoop, StreamOpener> opener, List<Long> pids)
            throws IOException, InterruptedException {
        try (var group = new Closing(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))) {
            EventLoop loop = group.loop.next();
            return runOn(loop, plan, opener.apply(loop), pids);
        }
    }

    /// Runs the load on the loop where its streams live, and returns when its last visit has ended.
    ///
    /// First one byte is fetched from the far end. Nothing but a private network leads to a far end on
    /// loopback, so that no load reaches any other.
    ///
    /// @param pids processes whose processor time is to be stated
    /// @throws IOException where the far end is not reached
    public static LoadReport runOn(EventLoop loop, LoadPlan plan, StreamOpener opener, List<Long> pids)
            throws IOException, InterruptedException {
        if (!plan.server().getAddress().isLoopbackAddress()) {
            throw new IOException("the far end of a load listens on loopback, and nowhere else");
        }
        await(probe(plan, opener, loop), PROBE);
        Load load = new Load(plan, opener, new LoopTimeline(loop));
        loop.execute(load::start);
        CompletableFuture<LoadCost.Start> before = new CompletableFuture<>();
        var _ = loop.schedule(
                () -> before.complete(new LoadCost.Start(Thread.currentThread().threadId(), pids)),
                plan.warmUp().toNanos(),
                TimeUnit.NANOSECONDS);
        Map<Mix.Share, Tally> tallies = await(
                load.result(),
                plan.warmUp().plus(plan.duration()).plus(plan.timeout().multipliedBy(2)));
        return new LoadReport(
                tallies,
                plan.duration(),
                await(before, plan.warmUp().plus(PROBE)).end());
    }

    private record Closing(MultiThreadIoEventLoopGroup loop) implements AutoCloseable {
        @Override
        public void close() {
            var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static CompletableFuture<Void> probe(LoadPlan plan, StreamOpener opener, EventLoop loop) {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        Dialogue dialogue = new Dialogue(new Dialogue.Listener() {
            @Override
            public void firstByte() {}

            @Override
            public void complete(Dialogue whose, long tag) {
                whose.close();
                reached.complete(null);
            }

            @Override
            public void failed(String reason) {
                reached.completeExceptionally(new IOException("the far end of the load is not reached (" + reason
                        + "): a client of a private network on this machine is needed"));
            }
        });
        loop.execute(() -> {
            opener.open("probe", plan.server(), dialogue);
            dialogue.ask(0, 0, 1);
        });
        return reached;
    }

    private static <T> T await(CompletableFuture<T> future, Duration patience)
            throws IOException, InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("nothing comes through within " + patience.toSeconds() + " s", e);
        }
    }
}
