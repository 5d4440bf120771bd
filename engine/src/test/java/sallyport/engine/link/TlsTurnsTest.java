package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A flood of connections must not keep cells waiting: few handshakes a turn, the others in line, the line limited.
final class TlsTurnsTest {
    private static final byte[] VERSIONS = {0, 0, 7, 0, 2, 0, 5};

    private final LinkPair.Side bob = new LinkPair.Side(5, TestRelay.BOB, LinkPair.BOB_AT, TestRelay.BOB);
    private final List<EmbeddedChannel> wires = new ArrayList<>();

    @AfterEach
    void everythingIsGivenBack() {
        bob.links.close();
        wires.forEach(EmbeddedChannel::finishAndReleaseAll);
        assertThat(bob.pool.outstanding()).isZero();
    }

    @Test
    void aTurnBeginsAFewHandshakesAndTheNextGoesOnInOrder() throws Exception {
        for (int i = 0; i < 10; i++) {
            connect();
        }
        assertThat(answered()).containsExactly(0, 1, 2, 3);
        assertThat(wires.get(9).config().isAutoRead()).isFalse();
        turn();
        assertThat(answered()).containsExactly(4, 5, 6, 7);
        // Who comes in the reads of the next turn does not overtake those in line.
        bob.world.endTurn();
        connect();
        assertThat(answered()).isEmpty();
        bob.world.runTasks();
        assertThat(answered()).containsExactly(8, 9, 10);
        assertThat(wires.get(9).config().isAutoRead()).isTrue();
        turn();
        connect();
        assertThat(answered()).containsExactly(11);
        assertThat(wires.get(11).pipeline().get(TlsGate.class)).isNull();
    }

    @Test
    void whatComesWhileALinkWaitsIsKeptInOrder() throws Exception {
        for (int i = 0; i < TlsTurns.PER_TURN_MAX; i++) {
            connect();
        }
        EmbeddedChannel last = begin();
        for (byte b : VERSIONS) {
            last.writeInbound(LinkPair.bytes(new byte[] {b}));
        }
        answered();
        turn();
        assertThat(answered()).containsExactly(TlsTurns.PER_TURN_MAX);
    }

    @Test
    void aLinkThatClosesWhileItWaitsCostsNothing() throws Exception {
        for (int i = 0; i < 9; i++) {
            connect();
        }
        wires.get(5).close();
        answered();
        turn();
        assertThat(answered()).containsExactly(4, 6, 7);
        turn();
        assertThat(answered()).containsExactly(8);
    }

    @Test
    void beyondTheLineLinksAreRefused() throws Exception {
        int most = TlsTurns.PER_TURN_MAX + TlsTurns.WAITING_MAX;
        for (int i = 0; i < most + 3; i++) {
            connect();
        }
        assertThat(bob.links.counters().get(LinkCounters.Kind.REFUSED_TLS_BUSY)).isEqualTo(3);
        assertThat(bob.links.count()).isEqualTo(most);
        assertThat(wires.getLast().isOpen()).isFalse();
    }

    private EmbeddedChannel begin() throws Exception {
        EmbeddedChannel wire = LinkWorld.channel(LinkPair.somebody());
        wires.add(wire);
        bob.links.accept(wire);
        wire.pipeline().fireUserEventTriggered(ClearTls.DONE);
        return wire;
    }

    private void connect() throws Exception {
        begin().writeInbound(LinkPair.bytes(VERSIONS));
    }

    private void turn() {
        bob.world.endTurn();
        bob.world.runTasks();
    }

    /// Which connections got an answer since the last call.
    private List<Integer> answered() {
        List<Integer> answered = new ArrayList<>();
        for (int i = 0; i < wires.size(); i++) {
            boolean any = false;
            for (ByteBuf out = wires.get(i).readOutbound();
                    out != null;
                    out = wires.get(i).readOutbound()) {
                out.release();
                any = true;
            }
            if (any) {
                answered.add(i);
            }
        }
        return answered;
    }
}
