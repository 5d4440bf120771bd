package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.ScarceWorld;

/// Dialing while the process has no FD left.
final class DialWithoutSocketTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    @Test
    void theFailureIsToldOnTheLoop() throws Exception {
        try (RealWorld real = new RealWorld(directory, 1, (_, _, _) -> {})) {
            EventLoop loop = real.loops().all().getFirst();
            ScarceWorld world = new ScarceWorld(real);
            world.exhausted(true);
            Links links = new FakeLinks(
                            world,
                            loop,
                            new CellPool(),
                            TestRelay.ALICE.identity(),
                            () -> NetworkParameters.NONE,
                            new FaultCounters(),
                            TestStatistics.none(world),
                            TestLimits.plenty(world, loop),
                            () -> (_, cell) -> cell.release())
                    .links();
            CompletableFuture<Boolean> failedOnLoop = new CompletableFuture<>();
            loop.execute(() -> links.dial(LinkPair.bobAsTarget(), new DialResult() {
                @Override
                public void opened(Link link) {
                    failedOnLoop.completeExceptionally(new AssertionError("opened"));
                }

                @Override
                public void failed(DestroyReason reason) {
                    failedOnLoop.complete(loop.inEventLoop());
                }
            }));

            assertThat(failedOnLoop.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
