package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.DestroyReason;

/// Which link serves whom, and when links end.
final class DialTest {
    private final LinkPair pair = new LinkPair();

    @AfterEach
    void everythingIsGivenBack() {
        if (pair.aliceWire != null) {
            pair.close();
        }
        assertThat(pair.alice.pool.outstanding()).isZero();
    }

    @Test
    void allWhoWantTheSameRelayShareOneConnection() throws Exception {
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        assertThat(pair.results).isEmpty();
        pair.join(pair.alice.world.connected().getFirst());
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());

        Link link = pair.alice.link();
        assertThat(pair.results).containsExactly(link, link, link);
        assertThat(pair.alice.world.connected()).hasSize(1);
    }

    @Test
    void theLinkThatARelayOpenedToUsServesToo() throws Exception {
        pair.connect();
        pair.bob.links.dial(
                new DialTarget(
                        List.of(LinkPair.ALICE_AT), TestRelay.ALICE.identity().rsaDigest(), null),
                pair.note());

        assertThat(pair.results).containsExactly(pair.alice.link(), pair.bob.link());
        assertThat(pair.bob.world.connected()).isEmpty();
    }

    @Test
    void anotherEd25519IdentityOfTheSameRelayIsNotServedByTheOpenLink() throws Exception {
        pair.connect();
        DialTarget other = new DialTarget(
                List.of(LinkPair.BOB_AT), TestRelay.BOB.identity().rsaDigest(), new byte[32]);
        pair.alice.links.dial(other, pair.note());
        assertThat(pair.alice.world.connected()).hasSize(2);
        pair.alice.world.connected().getLast().finishAndReleaseAll();
    }

    @Test
    void weNeverDialOurselves() {
        DialTarget self = new DialTarget(
                List.of(LinkPair.BOB_AT), TestRelay.ALICE.identity().rsaDigest(), null);
        pair.alice.links.dial(self, pair.note());
        assertThat(pair.results).containsExactly(DestroyReason.CONNECTFAILED);
        assertThat(pair.alice.world.connected()).isEmpty();
    }

    @Test
    void aFailureIsRememberedForAMinute() {
        pair.alice.world.connectsFail(true);
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        pair.alice.world.connectsFail(false);
        pair.alice.world.advance(Duration.ofSeconds(59));
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        assertThat(pair.results).containsExactly(DestroyReason.CONNECTFAILED, DestroyReason.CONNECTFAILED);
        assertThat(pair.alice.world.connected()).isEmpty();

        pair.alice.world.advance(Duration.ofSeconds(1));
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());

        assertThat(pair.alice.world.connected()).hasSize(1);
        pair.alice.links.close();
        pair.alice.world.connected().getFirst().finishAndReleaseAll();
        assertThat(pair.results).hasSize(3);
    }

    @Test
    void anAddressOfAFamilyWeLackIsNotTried() {
        RelayAddress v6 = RelayAddress.parseIp("2001:db8::2", 9001);
        pair.alice.links.dial(
                new DialTarget(List.of(v6), TestRelay.BOB.identity().rsaDigest(), null), pair.note());
        assertThat(pair.results).containsExactly(DestroyReason.CONNECTFAILED);
    }

    @Test
    void aHandshakeThatTakesAMinuteIsOver() throws Exception {
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        pass(Duration.ofSeconds(59));
        assertThat(pair.results).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(pair.results).containsExactly(DestroyReason.CONNECTFAILED);
        assertThat(pair.alice.links.counters().get(LinkCounters.Kind.FAILED_TIMEOUT))
                .isEqualTo(1);
        pair.alice.world.connected().getFirst().finishAndReleaseAll();
    }

    @Test
    void silenceIsBrokenAfterFiveMinutes() throws Exception {
        pair.connect();
        pair.alice.link().open(new Unhearing());
        pass(Duration.ofSeconds(299));
        pair.alice.world.endTurn();
        assertThat((Object) pair.aliceWire.readOutbound()).isNull();
        pass(Duration.ofSeconds(1));
        pair.alice.world.endTurn();
        io.netty.buffer.ByteBuf padding = pair.aliceWire.readOutbound();
        assertThat(padding.readableBytes()).isEqualTo(Cell.LENGTH);
        assertThat(padding.getLong(0)).isZero();
        padding.release();
    }

    @Test
    void anUnusedLinkBetweenRelaysEndsWithinItsHours() throws Exception {
        pair.connect();
        // Canonical: three quarters of an hour, and up to half an hour more.
        pass(Duration.ofSeconds(2699));
        assertThat(pair.alice.links.count()).isEqualTo(1);
        pass(Duration.ofSeconds(1801));
        assertThat(pair.alice.links.count()).isZero();
        assertThat(pair.alice.links.counters().get(LinkCounters.Kind.CLOSED_UNUSED))
                .isEqualTo(1);
    }

    @Test
    void aLinkWithACircuitStaysAndTakesNoNewOnesAfterAWeek() throws Exception {
        pair.connect();
        pair.alice.link().open(new Unhearing());
        pass(Duration.ofDays(7));
        assertThat(pair.alice.links.count()).isEqualTo(1);
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        assertThat(pair.alice.world.connected()).hasSize(2);
        pair.alice.world.connected().getLast().finishAndReleaseAll();
    }

    private void pass(Duration time) {
        pair.alice.world.advance(time);
        new Housekeeping(pair.alice.links).pass(pair.alice.links.turnNanos());
        pair.alice.world.endTurn();
    }

    private static final class Unhearing implements CellReceiver {
        @Override
        public void onCell(Cell cell) {
            cell.release();
        }

        @Override
        public void onDestroy(int reasonCode) {}

        @Override
        public void onLinkClosed() {}

        @Override
        public void onQueueLow() {}
    }
}
