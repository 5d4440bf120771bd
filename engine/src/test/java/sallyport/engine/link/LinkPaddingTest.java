package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.StatisticKind;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cert.PeerCertificates.PeerIdentity;
import sallyport.engine.netdoc.NetworkParameters;

/// When PADDING cells leave on a silent link. The clock moves in steps of 50 ms, so a span is known that exactly.
final class LinkPaddingTest {
    private static final Duration STEP = Duration.ofMillis(50);
    private static final int STOP = 1;
    private static final int START = 2;

    private final LinkPair.Side bob = new LinkPair.Side(7, TestRelay.BOB, LinkPair.BOB_AT, TestRelay.BOB);
    private EmbeddedChannel wire;
    private Link link = open(5, null);

    @AfterEach
    void everythingIsGivenBack() {
        bob.links.close();
        wire.finishAndReleaseAll();
        assertThat(bob.pool.outstanding()).isZero();
        assertThat(link.padding().isArmed()).isFalse();
    }

    /// C tor draws low + max(U, U) with both U below high - low: never under 1.5 s, never over 9.5 s.
    @Test
    void aSilentLinkOfAClientIsPaddedWithinItsBounds() {
        link.onCircuitCell(false);
        long least = Long.MAX_VALUE;
        long most = 0;
        long sum = 0;
        int spans = 200;
        for (int i = 0; i < spans; i++) {
            long span = millisUntilPadding();
            least = Math.min(least, span);
            most = Math.max(most, span);
            sum += span;
        }
        assertThat(least).isBetween(1500L, 4000L);
        assertThat(most).isBetween(8000L, 9500L + STEP.toMillis());
        // The mean of low + max(U, U) is low + two thirds of the range: 6,833 ms.
        assertThat(sum / spans).isBetween(6300L, 7400L);
        assertThat(bob.links.counters().get(LinkCounters.Kind.PADDING_SENT)).isEqualTo(spans);
    }

    /// What C tor publishes as `padding-counts`: the link pads, is asked for silence, and then no cell is one of a
    /// padded
    /// link.
    @Test
    void cellsAreCounted() {
        link.onCircuitCell(false);
        millisUntilPadding();
        assertThat(counts()).isEmpty();
        deliver(CellCommand.PADDING);
        assertThat(counts())
                .containsExactly("padding-counts DAY bin-size=10000 write-drop=0 write-pad=10000 write-total=10000"
                        + " read-drop=0 read-pad=10000 read-total=10000 enabled-read-pad=10000"
                        + " enabled-read-total=10000 enabled-write-pad=10000 enabled-write-total=10000"
                        + " max-chanpad-timers=1");

        negotiate(0, STOP, 0, 0);
        bob.statistics.follow(Set.of(StatisticKind.PADDING), true);
        deliver(CellCommand.RELAY);
        link.sendDestroy(1 << 31 | 5, DestroyReason.NONE);
        advance(100);
        assertThat(counts())
                .containsExactly("padding-counts DAY bin-size=10000 write-drop=0 write-pad=0 write-total=10000"
                        + " read-drop=0 read-pad=0 read-total=10000 enabled-read-pad=0"
                        + " enabled-read-total=0 enabled-write-pad=0 enabled-write-total=0"
                        + " max-chanpad-timers=0");
    }

    private void deliver(int command) {
        link.receive(LinkPair.cell(bob.pool, command));
    }

    private List<String> counts() {
        return TestStatistics.lines(bob.statistics.padding(), 0);
    }

    @Test
    void everyCellOfEitherDirectionStartsTheSilenceAnew() {
        link.onCircuitCell(false);
        for (int i = 0; i < 100; i++) {
            advance(1400);
            if (i % 2 == 0) {
                link.onRead();
            } else {
                link.onWritten();
            }
            assertThat(paddingSent()).isZero();
        }
        assertThat(millisUntilPadding()).isGreaterThanOrEqualTo(1500);
    }

    /// A timer that found traffic may not count the time before it: else a busy link would be padded too early.
    @Test
    void theSpanIsDrawnAnewAfterTraffic() {
        parameters(Map.of("nf_ito_low", 3000, "nf_ito_high", 3000));
        link.onCircuitCell(false);
        advance(2500);
        link.onRead();
        assertThat(millisUntilPadding()).isEqualTo(3000);
        assertThat(millisUntilPadding()).isEqualTo(3000);
    }

    @Test
    void nobodyIsPaddedBeforeACircuitOfSeveralHops() {
        advance(60_000);
        assertThat(paddingSent()).isZero();
        assertThat(link.padding().isArmed()).isFalse();

        link.onCircuitCell(true);
        assertThat(millisUntilPadding()).isBetween(0L, 9500L);
    }

    @Test
    void theParameterMayWaitForTraffic() {
        parameters(Map.of("nf_pad_before_usage", 0));
        link.onCircuitCell(true);
        advance(60_000);
        assertThat(paddingSent()).isZero();

        link.onCircuitCell(false);
        assertThat(millisUntilPadding()).isPositive();
    }

    @Test
    void aLinkBelowVersionFiveIsNeverPadded() {
        link.close();
        link = open(4, null);
        negotiate(0, START, 0, 0);
        link.onCircuitCell(false);
        advance(60_000);
        assertThat(paddingSent()).isZero();
        assertThat(bob.faults.snapshot()).containsKey("link: PADDING_NEGOTIATE of another version");
    }

    @Test
    void theClientStopsItAndStartsItAgain() {
        link.onCircuitCell(false);
        negotiate(0, STOP, 0, 0);
        advance(60_000);
        assertThat(paddingSent()).isZero();

        negotiate(0, START, 0, 0);
        assertThat(millisUntilPadding()).isBetween(0L, 9500L);
        assertThat(bob.links.counters().get(LinkCounters.Kind.PADDING_STARTED)).isEqualTo(1);
        assertThat(bob.links.counters().get(LinkCounters.Kind.PADDING_STOPPED)).isEqualTo(1);
    }

    @Test
    void startRaisesTheBoundsAndNeverLowersThem() {
        link.onCircuitCell(false);
        negotiate(0, START, 20_000, 20_000);
        millisUntilPadding();
        for (int i = 0; i < 20; i++) {
            assertThat(millisUntilPadding()).isBetween(20_000L, 20_000L + STEP.toMillis());
        }
        negotiate(0, START, 1, 2);
        for (int i = 0; i < 20; i++) {
            assertThat(millisUntilPadding()).isBetween(1500L, 9500L + STEP.toMillis());
        }
    }

    @Test
    void aStrangeRequestIsCountedAndIgnored() {
        link.onCircuitCell(false);
        negotiate(1, STOP, 0, 0);
        negotiate(0, 3, 0, 0);
        assertThat(bob.faults.snapshot())
                .containsOnlyKeys(
                        "link: PADDING_NEGOTIATE of another version",
                        "link: PADDING_NEGOTIATE with an unknown command");
        assertThat(millisUntilPadding()).isPositive();
    }

    @Test
    void bothLimitsAtZeroTurnItOff() {
        parameters(Map.of("nf_ito_low", 0, "nf_ito_high", 0));
        link.onCircuitCell(false);
        advance(60_000);
        assertThat(paddingSent()).isZero();

        parameters(Map.of());
        new Housekeeping(bob.links).pass(bob.links.turnNanos());
        assertThat(millisUntilPadding()).isBetween(0L, 9500L);
    }

    @Test
    void linksBetweenRelaysArePaddedOnlyWhereTheParameterSaysSo() {
        link.close();
        bob.relays = new OneRelay(TestRelay.ALICE, LinkPair.ALICE_AT);
        link = open(5, alice());
        link.onCircuitCell(false);
        advance(60_000);
        assertThat(paddingSent()).isZero();

        parameters(Map.of("nf_pad_relays", 1));
        new Housekeeping(bob.links).pass(bob.links.turnNanos());
        assertThat(millisUntilPadding()).isBetween(0L, 9500L);
    }

    @Test
    void aRelayThatTheConsensusDoesNotListIsPaddedLikeAClient() {
        link.close();
        link = open(5, alice());
        link.onCircuitCell(false);
        assertThat(millisUntilPadding()).isBetween(1500L, 9500L + STEP.toMillis());
    }

    @Test
    void whatWaitsToBeSentIsPaddingEnough() {
        parameters(Map.of("nf_ito_low", 2000, "nf_ito_high", 2000));
        CircuitPort port = link.attach(1 << 31 | 1, new Deaf());
        link.onCircuitCell(false);
        wire.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        port.send(LinkPair.cell(bob.pool, CellCommand.RELAY));
        advance(60_000);
        assertThat(paddingSent()).isZero();

        wire.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        link.onWritable();
        bob.world.endTurn();
        assertThat(millisUntilPadding()).isEqualTo(2000);
    }

    private Link open(int version, @Nullable PeerIdentity peer) {
        wire = new EmbeddedChannel();
        Link opened = new Link(bob.links, wire, false, ClientAddress.of(address()));
        bob.links.all().add(opened);
        opened.onOpen(new LinkPeer(version, peer, null, true, true));
        return opened;
    }

    private static java.net.InetSocketAddress address() {
        try {
            return LinkPair.somebody();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static PeerIdentity alice() {
        return new PeerIdentity(
                TestRelay.ALICE.identity().rsaDigest(),
                new byte[32],
                TestRelay.ALICE.identity().ed25519(),
                null);
    }

    private void parameters(Map<String, Integer> values) {
        bob.parameters = new NetworkParameters(values);
    }

    private void negotiate(int version, int command, int lowMillis, int highMillis) {
        Cell cell = LinkPair.cell(bob.pool, CellCommand.PADDING_NEGOTIATE);
        byte[] body = new Writer()
                .u8(version)
                .u8(command)
                .u16(lowMillis)
                .u16(highMillis)
                .toBytes();
        cell.putBytes(0, body, 0, body.length);
        link.receive(cell);
    }

    private void advance(long millis) {
        for (long passed = 0; passed < millis; passed += STEP.toMillis()) {
            bob.world.advance(STEP);
            bob.world.endTurn();
        }
    }

    private long millisUntilPadding() {
        drop();
        for (long passed = 0; passed < 100_000; passed += STEP.toMillis()) {
            if (paddingSent() > 0) {
                return passed;
            }
            advance(STEP.toMillis());
        }
        throw new AssertionError("no padding");
    }

    private void drop() {
        for (ByteBuf out = wire.readOutbound(); out != null; out = wire.readOutbound()) {
            out.release();
        }
    }

    /// PADDING cells that left since the last call.
    private int paddingSent() {
        wire.runPendingTasks();
        int cells = 0;
        for (ByteBuf out = wire.readOutbound(); out != null; out = wire.readOutbound()) {
            while (out.isReadable()) {
                byte[] cell = new byte[Cell.LENGTH];
                out.readBytes(cell);
                cells += Arrays.equals(cell, new byte[Cell.LENGTH]) ? 1 : 0;
            }
            out.release();
        }
        return cells;
    }
}
