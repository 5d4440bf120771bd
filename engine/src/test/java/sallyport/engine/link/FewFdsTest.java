package sallyport.engine.link;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Tally;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.RealWorld;

/// Links of a process that has two FDs for them.
final class FewFdsTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final int FDS = 2;

    @TempDir
    Path directory;

    private final FaultCounters faults = new FaultCounters();
    private RealWorld world;
    private EventLoop loop;
    private InstanceLimits limits;
    private Links links;
    private Channel listener;

    @BeforeEach
    void listen() throws Exception {
        world = new RealWorld(directory, 1, (_, _, _) -> {});
        loop = world.loops().all().getFirst();
        limits = TestLimits.of(world, Long.MAX_VALUE, FDS, 100).open("test", loop, faults);
        LinkSettings settings = new LinkSettings(
                "test",
                TestRelay.BOB.identity(),
                TestRelay.BOB::credentials,
                List.of(),
                SourceAddresses.NONE,
                () -> RelayIndex.EMPTY,
                () -> NetworkParameters.NONE,
                faults,
                TestStatistics.none(world),
                limits,
                _ -> {});
        links = new Links(settings, world, loop, new CellPool(), (_, cell) -> cell.release());
        listener = links.listen(new InetSocketAddress("127.0.0.1", 0)).sync().channel();
    }

    @AfterEach
    void allIsGivenBack() throws Exception {
        onLoop(() -> {
            links.close();
            return null;
        });
        await().atMost(PATIENCE_SECONDS, SECONDS)
                .until(() -> onLoop(() -> limits.fds().used() == 0));
        assertThat(onLoop(() -> limits.memory().held())).isZero();
        world.close();
    }

    /// A crowd that never says a word holds no more than it may, and makes room when it leaves.
    @Test
    void whoComesWhenNoFdIsLeftIsClosedAtOnce() throws Exception {
        try (Socket a = connect();
                Socket b = connect()) {
            await().atMost(PATIENCE_SECONDS, SECONDS)
                    .until(() -> onLoop(() -> limits.fds().used() == FDS));
            assertThat(onLoop(() -> limits.memory().held(MemoryKind.HANDSHAKES)))
                    .isEqualTo((long) FDS * Link.HANDSHAKE_BYTES);
            try (Socket refused = connect()) {
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(links.counters().get(LinkCounters.Kind.REFUSED_FDS)).isEqualTo(1);
            assertThat(faults.tallies().snapshot())
                    .containsEntry(Tally.LINK_ACCEPTED_IPV4, (long) FDS)
                    .containsEntry(Tally.LINK_REJECTED_IPV4, 1L)
                    .containsEntry(Tally.LINK_ACCEPTED_IPV6, 0L);
            assertThat(onLoop(() -> links.countOf(false, false))).as("open").isEqualTo(FDS);
            assertThat(dial().get(PATIENCE_SECONDS, SECONDS)).isEqualTo(DestroyReason.RESOURCELIMIT);
            assertThat(a.isConnected() && b.isConnected()).isTrue();
        }
        await().atMost(PATIENCE_SECONDS, SECONDS)
                .until(() -> onLoop(() -> limits.fds().used() == 0));
        assertThat(onLoop(() -> links.countOf(false, false))).as("closed").isZero();
        try (Socket _ = connect()) {
            await().atMost(PATIENCE_SECONDS, SECONDS)
                    .until(() -> onLoop(() -> limits.fds().used() == 1));
        }
    }

    /// Unfinished handshakes are what goes first when memory is short, the oldest before the others.
    @Test
    void unfinishedHandshakesAreTrimmed() throws Exception {
        try (Socket a = connect()) {
            await().atMost(PATIENCE_SECONDS, SECONDS)
                    .until(() -> onLoop(() -> limits.fds().used() == 1));
            try (Socket b = connect()) {
                await().atMost(PATIENCE_SECONDS, SECONDS)
                        .until(() -> onLoop(() -> limits.fds().used() == 2));
                onLoop(() -> {
                    new LinkRelief(links).trimHandshakes(Link.HANDSHAKE_BYTES);
                    return null;
                });
                assertThat(a.getInputStream().read()).isEqualTo(-1);
                assertThat(onLoop(links::count)).isEqualTo(1);
                assertThat(b.isClosed()).isFalse();
            }
        }
        assertThat(links.counters().get(LinkCounters.Kind.CLOSED_FOR_MEMORY)).isEqualTo(1);
    }

    /// The system's own limit (EMFILE) must not make the loop ask again and again: the listener rests for
    /// a second.
    @Test
    void anAcceptThatFailsPausesTheListener() throws Exception {
        onLoop(() -> {
            listener.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
            assertThat(listener.config().isAutoRead()).isFalse();
            return null;
        });
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> listener.config().isAutoRead());
        try (Socket _ = connect()) {
            await().atMost(PATIENCE_SECONDS, SECONDS)
                    .until(() -> onLoop(() -> limits.fds().used() == 1));
        }
    }

    private Socket connect() throws IOException {
        InetSocketAddress at = (InetSocketAddress) listener.localAddress();
        return new Socket(InetAddress.getLoopbackAddress(), at.getPort());
    }

    private CompletableFuture<DestroyReason> dial() {
        CompletableFuture<DestroyReason> failed = new CompletableFuture<>();
        RelayAddress somewhere = new RelayAddress(new byte[] {127, 0, 0, 1}, 9);
        DialTarget target = new DialTarget(
                List.of(somewhere),
                TestRelay.ALICE.identity().rsaDigest(),
                TestRelay.ALICE.identity().ed25519());
        loop.execute(() -> links.dial(target, new DialResult() {
            @Override
            public void opened(Link link) {
                failed.completeExceptionally(new AssertionError("opened"));
            }

            @Override
            public void failed(DestroyReason reason) {
                failed.complete(reason);
            }
        }));
        return failed;
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        return loop.submit(work).get(PATIENCE_SECONDS, SECONDS);
    }
}
