package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;

/// Which link serves whom, and when links end.
final class DialTest {
    private final LinkPair pair = new LinkPair();
    private final List<EmbeddedChannel> wires = new ArrayList<>();

    @AfterEach
    void everythingIsGivenBack() {
        if (pair.aliceWire != null) {
            pair.close();
        }
        assertThat(pair.alice.pool.outstanding()).isZero();
        wires.forEach(EmbeddedChannel::finishAndReleaseAll);
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

    /// Bob has Alice's keys.
    @Test
    void whoeverAnswersWithOurKeysIsFoundAndLeftAlone() throws Exception {
        LinkPair twins = new LinkPair(TestRelay.ALICE);
        List<Boolean> answers = new ArrayList<>();
        twins.alice.links.findOurselves(LinkPair.BOB_AT, answers::add);
        twins.join(twins.alice.world.connected().getFirst());
        assertThat(answers).containsExactly(true);
        assertThat(twins.alice.links.count()).isZero();
        twins.close();
    }

    @Test
    void whoeverAnswersWithOtherKeysOrNotAtAllIsNotUs() throws Exception {
        List<Boolean> answers = new ArrayList<>();
        pair.alice.links.findOurselves(LinkPair.BOB_AT, answers::add);
        pair.join(pair.alice.world.connected().getFirst());
        assertThat(answers).containsExactly(false);
        pair.alice.world.connectsFail(true);
        pair.alice.links.findOurselves(LinkPair.BOB_AT, answers::add);
        assertThat(answers).containsExactly(false, false);
        pair.alice.links.close();
        pair.alice.links.findOurselves(LinkPair.BOB_AT, answers::add);
        assertThat(answers).containsExactly(false, false, false);
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

    /// C tor: whoever can reach both families uses each for half of its new links.
    @Test
    void bothFamiliesAreUsedEquallyOftenByWhoeverHasBoth() {
        LinkPair.Side both = new LinkPair.Side(
                9,
                TestRelay.ALICE,
                List.of(LinkPair.ALICE_AT, RelayAddress.parseIp("2001:db8::1", 9001)),
                TestRelay.BOB);
        List<RelayAddress> addresses = List.of(LinkPair.BOB_AT, RelayAddress.parseIp("2001:db8::2", 9001));
        int dials = 400;
        for (int i = 0; i < dials; i++) {
            byte[] somebody = new byte[20];
            somebody[0] = (byte) i;
            somebody[1] = (byte) (i >> 8);
            both.links.dial(new DialTarget(addresses, somebody, null), pair.note());
        }
        long ipv6 = both.world.connected().stream()
                .filter(wire -> ((InetSocketAddress) wire.remoteAddress()).getAddress() instanceof Inet6Address)
                .count();
        assertThat(ipv6).isBetween(dials / 2 - 60L, dials / 2 + 60L);
        both.links.close();
        both.world.connected().forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void aHandshakeThatTakesFiveMinutesIsOver() throws Exception {
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        pass(Duration.ofSeconds(299));
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
        pair.alice.link().open(new Deaf());
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
        pair.alice.relays = new OneRelay(TestRelay.BOB, LinkPair.BOB_AT);
        pair.connect();
        // Canonical and listed: three quarters of an hour, and up to half an hour more.
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
        pair.alice.link().open(new Deaf());
        pass(Duration.ofDays(7));
        assertThat(pair.alice.links.count()).isEqualTo(1);
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        assertThat(pair.alice.world.connected()).hasSize(2);
        pair.alice.world.connected().getLast().finishAndReleaseAll();
    }

    @Test
    void theParameterMovesTheHoursOfAnUnusedLinkBetweenRelays() throws Exception {
        pair.alice.relays = new OneRelay(TestRelay.BOB, LinkPair.BOB_AT);
        pair.alice.parameters = new NetworkParameters(Map.of("nf_conntimeout_relays", 100));
        pair.connect();
        pass(Duration.ofSeconds(74));
        assertThat(pair.alice.links.count()).isEqualTo(1);
        pass(Duration.ofSeconds(51));
        assertThat(pair.alice.links.count()).isZero();
    }

    /// A relay that the consensus does not list is taken for a client, as C tor takes it.
    @Test
    void anUnusedLinkOfAnybodyElseEndsWithinMinutes() throws Exception {
        pair.connect();
        pass(Duration.ofSeconds(179));
        assertThat(pair.alice.links.count()).isEqualTo(1);
        pass(Duration.ofSeconds(91));
        assertThat(pair.alice.links.count()).isZero();
    }

    @Test
    void theTimeWithoutCircuitsCountsFromTheLastOne() throws Exception {
        pair.connect();
        CircuitPort port = pair.alice.link().open(new Deaf());
        pass(Duration.ofHours(3));
        port.destroy(DestroyReason.FINISHED);
        pass(Duration.ofSeconds(179));
        assertThat(pair.alice.links.count()).isEqualTo(1);
        pass(Duration.ofSeconds(91));
        assertThat(pair.alice.links.count()).isZero();
    }

    @Test
    void aLinkThatTakesNothingForFiftyMinutesIsClosed() throws Exception {
        pair.connect();
        pair.alice.link().open(new Deaf());
        pair.aliceWire.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        pass(Duration.ofMinutes(49));
        assertThat(pair.alice.links.count()).isEqualTo(1);
        pass(Duration.ofMinutes(1));
        assertThat(pair.alice.links.count()).isZero();
        assertThat(pair.alice.faults.snapshot()).containsKey("link: peer reads nothing");
    }

    @Test
    void aRequestForAnotherAddressOfTheRelayDoesNotWaitForThisOne() throws Exception {
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        RelayAddress elsewhere = RelayAddress.parseIp("198.51.100.77", 9002);
        DialTarget same = new DialTarget(
                List.of(elsewhere, LinkPair.BOB_AT), TestRelay.BOB.identity().rsaDigest(), null);
        pair.alice.links.dial(same, pair.note());
        assertThat(pair.alice.world.connected()).hasSize(1);
        DialTarget other =
                new DialTarget(List.of(elsewhere), TestRelay.BOB.identity().rsaDigest(), null);
        pair.alice.links.dial(other, pair.note());
        assertThat(pair.alice.world.connected()).hasSize(2);
        pair.alice.links.close();
        assertThat(pair.results).hasSize(3);
        pair.alice.world.connected().forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    /// A client may make a thousand circuits wait for a relay that never answers, and give them up at once.
    @Test
    void circuitsThatEndWhileTheyWaitAreLetGo() {
        List<GivesUp> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            GivesUp circuit = new GivesUp();
            pair.alice.links.dial(LinkPair.bobAsTarget(), circuit);
            all.add(circuit);
            circuit.wanted = false;
        }
        assertThat(pair.alice.links.dialer().waiting()).isLessThan(20);
        GivesUp last = new GivesUp();
        pair.alice.links.dial(LinkPair.bobAsTarget(), last);
        pass(Duration.ofSeconds(5));
        assertThat(pair.alice.links.dialer().waiting()).isEqualTo(1);

        pair.alice.links.close();
        assertThat(last.answers).isEqualTo(1);
        assertThat(all).allMatch(circuit -> circuit.answers == 0);
        pair.alice.world.connected().forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void aBugOfOneCircuitKeepsNoOtherFromHearing() throws Exception {
        pair.connect();
        Link link = pair.alice.link();
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            int number = i;
            link.open(new Deaf() {
                @Override
                public void onLinkClosed() {
                    if (number % 3 == 0) {
                        throw new IllegalStateException("a bug");
                    }
                    told.add(number);
                }
            });
        }
        link.close();
        assertThat(told).hasSize(6);
        assertThat(pair.aliceWire.isOpen()).isFalse();
        assertThat(pair.alice.faults.snapshot()).containsEntry(Links.OWN_BUG, 3L);
    }

    @Test
    void aBugOfWhoeverWaitedKeepsNoOtherFromHearing() throws Exception {
        pair.alice.links.dial(LinkPair.bobAsTarget(), new GivesUp() {
            @Override
            public void opened(Link link) {
                throw new IllegalStateException("a bug");
            }
        });
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        pair.join(pair.alice.world.connected().getFirst());
        assertThat(pair.results).containsExactly(pair.alice.link());
        assertThat(pair.alice.faults.snapshot()).containsEntry(Links.OWN_BUG, 1L);
    }

    /// One link that cannot be looked at must not keep all others from being looked at, now and ever after.
    @Test
    void housekeepingOutlivesABug() throws Exception {
        pair.connect();
        pair.alice.relays = new OneRelay(TestRelay.BOB, LinkPair.BOB_AT) {
            @Override
            public boolean isKnownRelay(byte[] rsaDigest) {
                throw new IllegalStateException("a bug");
            }
        };
        pair.alice.world.advance(Duration.ofSeconds(6));
        assertThat(pair.alice.links.count()).isZero();
        assertThat(pair.alice.faults.snapshot()).containsEntry(Links.OWN_BUG, 1L);

        pair.alice.relays = RelayIndex.EMPTY;
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        for (int i = 0; i < 70; i++) {
            pair.alice.world.advance(Duration.ofSeconds(5));
        }
        assertThat(pair.alice.links.counters().get(LinkCounters.Kind.FAILED_TIMEOUT))
                .isEqualTo(1);
        pair.alice.world.connected().getLast().finishAndReleaseAll();
    }

    @Test
    void theBetterLinkIsTheGoodCanonicalOldOneWithMoreCircuits() throws Exception {
        pair.connect();
        Link old = pair.alice.link();
        pair.alice.world.advance(Duration.ofSeconds(1));
        Link young = link(true, true);
        Link notForPeer = link(true, false);
        Link elsewhere = link(false, true);
        assertThat(Dialer.isBetter(old, young)).isTrue();
        assertThat(Dialer.isBetter(young, old)).isFalse();
        assertThat(Dialer.isBetter(young, notForPeer)).isTrue();
        assertThat(Dialer.isBetter(notForPeer, elsewhere)).isTrue();
        assertThat(Dialer.isBetter(elsewhere, old)).isFalse();
        Link busy = link(true, true);
        busy.open(new Deaf());
        assertThat(Dialer.isBetter(busy, young)).isTrue();
        assertThat(Dialer.isBetter(young, busy)).isFalse();
        old.markBadForNewCircuits();
        assertThat(Dialer.isBetter(elsewhere, old)).isTrue();
    }

    @Test
    void doublesOfACanonicalLinkTakeNoNewCircuits() throws Exception {
        pair.connect();
        Link first = pair.alice.link();
        first.open(new Deaf());
        pair.alice.world.advance(Duration.ofSeconds(1));
        Link second = opened(link(true, true));
        second.open(new Deaf());
        Link third = opened(link(false, true));
        third.open(new Deaf());
        pass(Duration.ofSeconds(5));
        assertThat(first.isBadForNewCircuits()).isFalse();
        assertThat(second.isBadForNewCircuits()).isTrue();
        assertThat(third.isBadForNewCircuits()).isTrue();
    }

    private Link link(boolean canonical, boolean namedUs) throws Exception {
        wires.add(new EmbeddedChannel());
        Link link = new Link(pair.alice.links, wires.getLast(), false, new ClientAddress(LinkPair.BOB_AT.inet()));
        link.onOpen(new LinkPeer(5, pair.alice.link().peer(), null, canonical, namedUs));
        return link;
    }

    private Link opened(Link link) {
        pair.alice.links.all().add(link);
        pair.alice.links.dialer().onOpen(link);
        return link;
    }

    private static class GivesUp implements DialResult {
        boolean wanted = true;
        int answers;

        @Override
        public boolean isWanted() {
            return wanted;
        }

        @Override
        public void opened(Link link) {
            answers++;
        }

        @Override
        public void failed(DestroyReason reason) {
            answers++;
        }
    }

    private void pass(Duration time) {
        pair.alice.world.advance(time);
        new Housekeeping(pair.alice.links).pass(pair.alice.links.turnNanos());
        pair.alice.world.endTurn();
    }
}
