package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.accounting.Tally;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.RealWorld;

/// Two relays with sockets and TLS: every cell arrives, once and in order, whatever the socket takes at a
/// time.
final class RealLinksTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final int CELLS = 10_000;
    private static final int CIRCUITS = 3;

    private final FaultCounters faults = new FaultCounters();
    private final CellPool pool = new CellPool();

    @TempDir
    Path directory;

    private RealWorld world;
    private EventLoop loop;
    private Links alice;
    private Links bob;
    private RelayStatistics statistics;

    @AfterEach
    void everythingIsGivenBack() throws Exception {
        onLoop(() -> {
            alice.close();
            bob.close();
            return null;
        });
        assertThat(onLoop(pool::outstanding)).isZero();
        world.close();
    }

    @ParameterizedTest
    @CsvSource({"native, native, TLSv1.3", "native, jdk, TLSv1.2", "jdk, native, TLSv1.3", "jdk, jdk, TLSv1.3"})
    void cellsOfManyCircuitsArriveInOrder(String dialing, String accepting, String protocol) throws Exception {
        world = new RealWorld(directory, 1, (level, relay, text) -> {});
        loop = world.loops().all().getFirst();
        statistics = TestStatistics.none(world);
        Sink sink = new Sink();
        bob = links(TestRelay.BOB, accepting, protocol, (link, cell) -> sink.attach(link, cell));
        alice = links(TestRelay.ALICE, dialing, protocol, (link, cell) -> cell.release());
        ChannelFuture listening =
                bob.listen(new InetSocketAddress("127.0.0.1", 0)).sync();
        RelayAddress at =
                RelayAddress.of((InetSocketAddress) listening.channel().localAddress());

        Link link = dial(new DialTarget(
                List.of(at),
                TestRelay.BOB.identity().rsaDigest(),
                TestRelay.BOB.identity().ed25519()));
        onLoop(() -> {
            for (int i = 0; i < CIRCUITS; i++) {
                new Source(link).begin();
            }
            return null;
        });
        sink.done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        assertThat(link.version()).isEqualTo(5);
        assertThat(faults.snapshot()).isEmpty();
        assertThat(faults.tallies().snapshot())
                .containsEntry(Tally.LINK_DIALED_IPV4, 1L)
                .containsEntry(Tally.LINK_ACCEPTED_IPV4, 1L)
                .containsEntry(Tally.LINK_REJECTED_IPV4, 0L);
        assertThat(onLoop(() -> alice.countOf(true, false))).isEqualTo(1);
        assertThat(onLoop(() -> alice.countOf(false, false) + alice.countOf(true, true)))
                .isZero();
        assertThat(onLoop(() -> bob.countOf(false, false))).isEqualTo(1);
        assertThat(statistics.bandwidth().totals().written()).isGreaterThan((long) CIRCUITS * CELLS * Cell.LENGTH);
        assertThat(statistics.bandwidth().totals().read()).isGreaterThan((long) CIRCUITS * CELLS * Cell.LENGTH);
    }

    private Links links(TestRelay relay, String engine, String protocol, CreateHandler creates) throws Exception {
        LinkSettings settings = new LinkSettings(
                "test",
                relay.identity(),
                relay::credentials,
                List.of(),
                SourceAddresses.NONE,
                () -> RelayIndex.EMPTY,
                () -> NetworkParameters.NONE,
                faults,
                statistics,
                TestLimits.plenty(world, loop),
                _ -> {});
        LinkTls tls = engine.equals("native")
                ? new TcnativeTls(relay::credentials, protocol)
                : new JdkTls(relay::credentials, protocol);
        return new Links(settings, world, loop, pool, creates, tls);
    }

    private Link dial(DialTarget target) throws Exception {
        CompletableFuture<Link> opened = new CompletableFuture<>();
        loop.execute(() -> alice.dial(target, new DialResult() {
            @Override
            public void opened(Link link) {
                opened.complete(link);
            }

            @Override
            public void failed(DestroyReason reason) {
                opened.completeExceptionally(new AssertionError(reason + " " + faults.snapshot()));
            }
        }));
        return opened.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        return loop.submit(work).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// Sends numbered cells, as many as its queue wants.
    private final class Source extends Deaf {
        private final CircuitPort port;
        private int next;

        Source(Link link) {
            port = link.open(this);
        }

        void begin() {
            Cell create = LinkPair.cell(pool, CellCommand.CREATE2);
            port.send(create);
            onQueueLow();
        }

        @Override
        public void onQueueLow() {
            while (next < CELLS && port.queuedCells() < 2 * CircuitPort.QUEUE_HIGH_CELLS) {
                Cell cell = LinkPair.cell(pool, CellCommand.RELAY);
                cell.put16(0, next >>> 16);
                cell.put16(2, next);
                next++;
                port.send(cell);
            }
        }
    }

    /// Checks the numbers.
    private static final class Sink {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        private int finished;

        void attach(Link link, Cell create) {
            int id = create.circuitId();
            create.release();
            link.attach(id, new Deaf() {
                private int expected;

                @Override
                public void onCell(Cell cell) {
                    int number = cell.u16(0) << 16 | cell.u16(2);
                    cell.release();
                    if (number != expected++) {
                        done.completeExceptionally(new AssertionError(number + " instead of " + (expected - 1)));
                    } else if (expected == CELLS && ++finished == CIRCUITS) {
                        done.complete(null);
                    }
                }
            });
        }
    }
}
