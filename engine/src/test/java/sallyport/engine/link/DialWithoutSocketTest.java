package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.ScarceWorld;

/// Dialing while the process has no FD left, or the system no port.
final class DialWithoutSocketTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    private RealWorld real;
    private EventLoop loop;
    private ScarceWorld world;
    private InstanceLimits limits;

    @BeforeEach
    void open() {
        real = new RealWorld(directory, 1, (_, _, _) -> {});
        loop = real.loops().all().getFirst();
        world = new ScarceWorld(real);
        limits = TestLimits.plenty(world, loop);
    }

    @AfterEach
    void close() {
        real.close();
    }

    @Test
    void theFailureIsToldOnTheLoop() throws Exception {
        world.exhausted(true);
        assertThat(dialFailsOnLoop()).isTrue();
        assertThat(limits.overload().seen().general()).isNull();
    }

    /// C tor's `rep_hist_note_tcp_exhaustion`, whatever the connection is for.
    @Test
    void aMissingPortIsOverload() throws Exception {
        world.portless(true);
        assertThat(dialFailsOnLoop()).isTrue();
        assertThat(limits.overload().seen().general()).isNotNull();
    }

    private boolean dialFailsOnLoop() throws Exception {
        LinkSettings settings = new LinkSettings(
                "test",
                TestRelay.ALICE.identity(),
                TestRelay.ALICE::credentials,
                List.of(),
                SourceAddresses.NONE,
                () -> RelayIndex.EMPTY,
                () -> NetworkParameters.NONE,
                new FaultCounters(),
                TestStatistics.none(world),
                limits,
                _ -> {});
        Links links = new Links(settings, world, loop, new CellPool(), (_, cell) -> cell.release());
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
        boolean onLoop = failedOnLoop.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        loop.submit(links::close).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return onLoop;
    }
}
