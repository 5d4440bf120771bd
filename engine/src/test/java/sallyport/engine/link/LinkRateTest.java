package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.limits.Rate;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.origin.DirectoryTunnel;
import sallyport.engine.origin.Hop;

/// A link of a relay with a limit: cells wait in their queues, the socket is not read, nothing is lost.
class LinkRateTest {
    private static final long RATE = 100L * Cell.LENGTH;
    private static final Rate LIMIT = new Rate(RATE, RATE);
    // What a limit may be exceeded by: one share, and what a handshake took.
    private static final long SLACK = 40L * Cell.LENGTH;

    private final LinkPair pair = new LinkPair();
    private Link dialed;

    @BeforeEach
    void connect() throws Exception {
        pair.connect();
        dialed = pair.alice.link();
    }

    @AfterEach
    void everythingIsGivenBack() {
        pair.close();
        assertThat(pair.alice.pool.outstanding()).isZero();
        assertThat(pair.alice.links.limits().memory().held()).isZero();
    }

    @Test
    void cellsLeaveAtTheRate() {
        limitAlice(new BandwidthRates(Rate.UNLIMITED, LIMIT, RATE, 0, 0, true));
        queue(1000);
        assertThat(leftDuring(1)).isCloseTo(2 * RATE, within(SLACK));
        assertThat(leftDuring(3)).isCloseTo(3 * RATE, within(SLACK));
        assertThat(leftDuring(60)).isGreaterThan(4 * RATE);
        assertThat(dialed.scheduler().queuedCells()).isZero();
    }

    /// C tor's `connection_counts_as_relayed_traffic`: for half a minute after a cell of a circuit of our own a
    /// link waits for no limit of relayed bytes.
    @Test
    void aLinkThatWeUseOurselvesDoesNotWait() {
        limitAlice(new BandwidthRates(Rate.UNLIMITED, LIMIT, RATE, 0, 0, true));
        assertThat(dialed.isRelaying()).isTrue();
        ask();
        assertThat(dialed.isRelaying()).isFalse();
        queue(1000);
        assertThat(leftDuring(1)).isGreaterThan(1000L * Cell.LENGTH);
        leftDuring(28);
        assertThat(dialed.isRelaying()).isFalse();
        leftDuring(2);
        assertThat(dialed.isRelaying()).isTrue();
        queue(1000);
        assertThat(leftDuring(1)).isCloseTo(2 * RATE, within(SLACK));
    }

    /// A circuit of ours to a directory.
    private void ask() {
        DialTarget bob = LinkPair.bobAsTarget();
        CompletableFuture<byte[]> _ = new DirectoryTunnel(pair.alice.world, pair.alice.world.loop(), pair.alice.links)
                .exchange(new Hop(bob.addresses(), bob.rsaDigest(), bob.ed25519(), null), new byte[10], 1000);
        pair.alice.world.runTasks();
    }

    /// What ends a link does not wait: there would be nobody left to send it.
    @Test
    void aLinkThatClosesSendsItsLastCellsAtOnce() {
        limitAlice(new BandwidthRates(Rate.UNLIMITED, LIMIT, RATE, 0, 0, true));
        queue(500);
        leftDuring(1);
        long before = written();
        dialed.shutDown(DestroyReason.DESTROYED);
        assertThat(written() - before).isEqualTo(Cell.LENGTH);
        assertThat(dialed.scheduler().writing().isWaiting()).isFalse();
    }

    @Test
    void theSocketIsNotReadWhileTheLimitIsReached() {
        limitBob(new BandwidthRates(LIMIT, Rate.UNLIMITED, RATE, 0, 0, true));
        queue(400);
        pair.settle();
        assertThat(pair.bobWire.config().isAutoRead()).isFalse();
        pass(pair.bob, 1);
        assertThat(pair.bobWire.config().isAutoRead())
                .as("a debt is paid first")
                .isFalse();
        pass(pair.bob, 4);
        assertThat(pair.bobWire.config().isAutoRead()).isTrue();
    }

    /// A limit that is lifted by a reload lets go what waits.
    @Test
    void aLiftedLimitHoldsNothingBack() {
        limitBob(new BandwidthRates(LIMIT, Rate.UNLIMITED, RATE, 0, 0, true));
        queue(400);
        pair.settle();
        pair.bob.links.limits().bandwidth().follow(BandwidthRates.UNLIMITED);
        pass(pair.bob, 0);
        assertThat(pair.bobWire.config().isAutoRead()).isTrue();
    }

    /// The parameters `perconnbwrate` and `perconnbwburst` are for links whose peer the consensus does not list.
    @Test
    void theConsensusMayLimitLinksOfStrangers() {
        pair.alice.parameters =
                new NetworkParameters(Map.of("perconnbwrate", (int) RATE, "perconnbwburst", (int) RATE));
        dialed.followOwnRate();
        queue(1000);
        assertThat(leftDuring(1)).isCloseTo(2 * RATE, within(SLACK));
        pair.alice.relays = new OneRelay(TestRelay.BOB);
        dialed.followOwnRate();
        assertThat(leftDuring(1)).isGreaterThan(7 * RATE);
    }

    private void limitAlice(BandwidthRates rates) {
        pair.alice.links.limits().bandwidth().follow(rates);
    }

    private void limitBob(BandwidthRates rates) {
        pair.bob.links.limits().bandwidth().follow(rates);
    }

    private void queue(int cells) {
        CircuitPort port = dialed.open(new Deaf());
        for (int i = 0; i < cells; i++) {
            port.send(LinkPair.cell(pair.alice.pool, CellCommand.RELAY));
        }
    }

    /// Bytes that leave within so many seconds; they come nowhere.
    private long leftDuring(int seconds) {
        long before = written();
        pass(pair.alice, seconds);
        pair.aliceWire.releaseOutbound();
        return written() - before;
    }

    private long written() {
        return pair.alice.links.settings().statistics().bandwidth().totals().written();
    }

    private void pass(LinkPair.Side side, int seconds) {
        for (int i = 0; i <= 100 * seconds; i++) {
            side.world.endTurn();
            side.world.runTasks();
            pair.aliceWire.runPendingTasks();
            if (i < 100 * seconds) {
                side.world.advance(Duration.ofMillis(10));
            }
        }
    }
}
