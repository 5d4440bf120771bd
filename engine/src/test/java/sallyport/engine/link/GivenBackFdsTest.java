package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.cell.CellPool;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.NetworkParameters;

/// What an instance gives back that has more FDs than its share, when another one of the process lacks
/// some.
class GivenBackFdsTest {
    private static final int FDS = 8;

    private final LinkWorld world = new LinkWorld(1);
    private final FaultCounters faults = new FaultCounters();
    private final HostLimits limits = TestLimits.of(world, Long.MAX_VALUE, FDS, 100);
    private final InstanceLimits ours = limits.open("ours", world.loop(), faults);
    private final InstanceLimits other = limits.open("other", world.loop(), faults);
    private final FakeLinks fakes = new FakeLinks(
            world,
            world.loop(),
            new CellPool(),
            TestRelay.BOB.identity(),
            () -> NetworkParameters.NONE,
            faults,
            TestStatistics.none(world),
            ours,
            () -> (_, cell) -> cell.release());
    private final Housekeeping housekeeping = new Housekeeping(fakes.links());

    private List<FakeLinks.Peer> peers = List.of();

    /// Two with circuits, and four that nobody uses, the third for longest.
    @BeforeEach
    void haveSix() {
        FakeLinks.Peer busy = open();
        busy.link().open(new Deaf());
        FakeLinks.Peer longUnused = open();
        world.advance(Duration.ofSeconds(30));
        FakeLinks.Peer alsoBusy = open();
        alsoBusy.link().open(new Deaf());
        FakeLinks.Peer second = open();
        world.advance(Duration.ofSeconds(1));
        peers = List.of(busy, longUnused, alsoBusy, second, open(), open());
        world.endTurn();
    }

    @Test
    void nothingAsLongAsNobodyIsRefused() {
        assertThat(other.fds().tryAcquire()).isTrue();
        pass();
        assertThat(fakes.links().count()).isEqualTo(6);
    }

    @Test
    void whatIsUnusedForLongestAsFarAsItIsOwed() {
        refuseTheOther();
        pass();
        assertThat(fakes.links().counters().get(LinkCounters.Kind.CLOSED_FOR_FDS))
                .isEqualTo(2);
        assertThat(fakes.links().all())
                .doesNotContain(peers.get(1).link(), peers.get(3).link());
        assertThat(fakes.links().all())
                .contains(peers.get(0).link(), peers.get(2).link(), peers.get(4).link());
    }

    /// Whoever uses a circuit loses it to nobody.
    @Test
    void noLinkWithACircuit() {
        peers.forEach(peer -> peer.link().open(new Deaf()));
        refuseTheOther();
        pass();
        assertThat(fakes.links().count()).isEqualTo(6);
    }

    /// Of handshakes that do not end, those of the address that has most of them, and of these the oldest.
    @Test
    void unfinishedHandshakesOfWhoeverHasMost() {
        FakeLinks.Peer honest = unfinished(1);
        world.advance(Duration.ofSeconds(1));
        FakeLinks.Peer first = unfinished(2);
        FakeLinks.Peer second = unfinished(2);
        FakeLinks.Peer third = unfinished(2);
        new LinkRelief(fakes.links()).trimHandshakes(2 * Link.HANDSHAKE_BYTES);
        assertThat(fakes.links().all())
                .contains(honest.link(), third.link())
                .doesNotContain(first.link(), second.link());
    }

    private FakeLinks.Peer unfinished(int last) {
        FakeLinks.Peer peer = fakes.unfinished(new ClientAddress(InetAddress.ofLiteral("192.0.2." + last)));
        world.advance(Duration.ofMillis(1));
        world.endTurn();
        return peer;
    }

    private void refuseTheOther() {
        assertThat(other.fds().tryAcquire()).isTrue();
        assertThat(other.fds().tryAcquire()).isTrue();
        assertThat(other.fds().tryAcquire()).isFalse();
    }

    private void pass() {
        housekeeping.pass(fakes.links().turnNanos());
    }

    private FakeLinks.Peer open() {
        assertThat(ours.fds().tryAcquire()).isTrue();
        return fakes.open(false, null);
    }
}
