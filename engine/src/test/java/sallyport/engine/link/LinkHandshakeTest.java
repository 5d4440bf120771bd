package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.DestroyReason;

/// Two relays of ours greet each other over a clear pipe; C tor's side of it is proved in the lab.
final class LinkHandshakeTest {
    private static final RelayAddress MOVED_TO = RelayAddress.parseIp("198.51.100.77", 9002);
    private static final int VERSIONS = 0;
    private static final int CERTS = 1;
    private static final int CHALLENGE_OR_AUTHENTICATE = 2;

    @Test
    void relaysKnowEachOtherWhenTheHandshakeEnds() throws Exception {
        LinkPair pair = new LinkPair().connect();

        Link dialed = pair.alice.link();
        Link accepted = pair.bob.link();
        assertThat(pair.results).containsExactly(dialed);
        assertThat(dialed.version()).isEqualTo(5);
        assertThat(dialed.peer().ed25519()).isEqualTo(TestRelay.BOB.identity().ed25519());
        assertThat(dialed.peer().rsaDigest()).isEqualTo(TestRelay.BOB.identity().rsaDigest());
        assertThat(accepted.peer().ed25519())
                .isEqualTo(TestRelay.ALICE.identity().ed25519());
        assertThat(accepted.isClient()).isFalse();
        assertThat(dialed.isCanonical()).isTrue();
        assertThat(accepted.isCanonical()).isTrue();
        assertThat(dialed.peerNamedOurAddress()).isTrue();
        assertThat(accepted.peerNamedOurAddress()).isTrue();
        assertThat(dialed.isLocal()).isFalse();
        assertThat(pair.alice.faults.snapshot()).isEmpty();
        assertThat(pair.bob.faults.snapshot()).isEmpty();
        assertThat(pair.bob.links.counters().get(LinkCounters.Kind.OPENED_ACCEPTED_RELAY))
                .isEqualTo(1);
        assertThat(pair.alice.tls.ended()).isEqualTo(1);
        assertThat(pair.bob.tls.ended()).isEqualTo(1);
        pair.close();
        assertThat(pair.alice.links.count()).isZero();
        assertThat(pair.bob.links.count()).isZero();
        assertThat(pair.alice.pool.outstanding()).isZero();
        assertThat(pair.bob.pool.outstanding()).isZero();
    }

    /// What a peer once named says nothing of where we listen now, whatever it was that it named.
    @Test
    void aMoveOfOursMakesOldProofsWorthless() throws Exception {
        LinkPair pair = new LinkPair().connect();
        assertThat(pair.bob.link().peerNamedOurAddress()).isTrue();
        assertThat(pair.alice.link().peerNamedOurAddress()).isTrue();

        pair.bob.links.moveTo(List.of(MOVED_TO));
        assertThat(pair.bob.link().peerNamedOurAddress()).isFalse();
        assertThat(pair.bob.link().isOpen()).isTrue();
        assertThat(pair.alice.link().peerNamedOurAddress()).isTrue();
        pair.bob.links.moveTo(List.of(LinkPair.BOB_AT));
        assertThat(pair.bob.link().peerNamedOurAddress())
                .as("nor after the way back")
                .isFalse();
        pair.close();
    }

    @Test
    void afterAMoveOnlyTheNewAddressProvesUs() throws Exception {
        for (RelayAddress dialed : List.of(MOVED_TO, LinkPair.BOB_AT)) {
            LinkPair pair = new LinkPair();
            pair.bob.links.moveTo(List.of(MOVED_TO));
            DialTarget bob = LinkPair.bobAsTarget();
            pair.alice.links.dial(new DialTarget(List.of(dialed), bob.rsaDigest(), bob.ed25519()), pair.note());
            pair.join(pair.alice.world.connected().getLast());
            assertThat(pair.bob.link().isOpen()).isTrue();
            assertThat(pair.bob.link().peerNamedOurAddress()).isEqualTo(dialed.equals(MOVED_TO));
            pair.close();
        }
    }

    @Test
    void fragmentsOfOneByteMakeTheSameHandshake() throws Exception {
        LinkPair pair = new LinkPair();
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        List<byte[]> sent = new ArrayList<>();
        pair.towardBob = bytes -> {
            sent.add(bytes);
            for (byte b : bytes) {
                pair.bobWire.writeInbound(LinkPair.bytes(new byte[] {b}));
            }
            return new byte[0];
        };
        pair.join(pair.alice.world.connected().getFirst());
        assertThat(sent).hasSize(4);
        assertThat(pair.bob.link().peer().ed25519())
                .isEqualTo(TestRelay.ALICE.identity().ed25519());
        pair.close();
    }

    @Test
    void aWrongBitInTheRespondersCertificatesIsRefused() throws Exception {
        flipsAreRefused(false, CERTS, CellFields::ofCerts);
    }

    @Test
    void aWrongBitInTheInitiatorsCertificatesIsRefused() throws Exception {
        flipsAreRefused(true, CERTS, CellFields::ofCerts);
    }

    @Test
    void aWrongBitInTheChallengeIsRefused() throws Exception {
        // Behind the 32 bytes stand the methods: without ours the initiator stays a client, which is no fault.
        flipsAreRefused(false, CHALLENGE_OR_AUTHENTICATE, _ -> everyFrom(7, 7 + 32));
    }

    @Test
    void aWrongBitInTheAuthenticationIsRefused() throws Exception {
        flipsAreRefused(true, CHALLENGE_OR_AUTHENTICATE, CellFields::ofAuthenticate);
    }

    @Test
    void aWrongBitInTheVersionsIsRefusedOrChoosesAnother() throws Exception {
        // VERSIONS has a two-byte id: the body starts at 5.
        flipsAreRefused(true, VERSIONS, message -> everyFrom(5, message.length));
        flipsAreRefused(false, VERSIONS, message -> everyFrom(5, message.length));
    }

    @Test
    void anotherRelayThanDialedIsReported() throws Exception {
        LinkPair pair = new LinkPair(TestRelay.CAROL);
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        pair.join(pair.alice.world.connected().getFirst());

        assertThat(pair.results).containsExactly(DestroyReason.OR_IDENTITY);
        assertThat(pair.alice.links.count()).isZero();
        assertThat(pair.bob.links.count()).isZero();
        assertThat(pair.alice.links.counters().get(LinkCounters.Kind.FAILED_IDENTITY))
                .isEqualTo(1);
        pair.close();
    }

    @Test
    void aCertificateSeenInTlsThatIsNotTheSignedOneIsRefused() throws Exception {
        // Somebody in the middle with a TLS session of his own passes on all of Bob's cells.
        LinkPair pair = new LinkPair();
        LinkPair.Side middle = new LinkPair.Side(11, TestRelay.ALICE, LinkPair.ALICE_AT, TestRelay.CAROL);
        middle.links.dial(LinkPair.bobAsTarget(), pair.note());
        pair.join(middle.world.connected().getFirst());
        middle.world.endTurn();

        assertThat(pair.results).containsExactly(DestroyReason.CONNECTFAILED);
        assertThat(middle.faults.snapshot()).containsKey("CERTS: link certificate is not the one seen in TLS");
        pair.aliceWire.finishAndReleaseAll();
        pair.bobWire.finishAndReleaseAll();
    }

    /// Flips one bit at each of these places of one message, one after the other: Bob never takes the peer for
    /// Alice, and never do both ends stay open. (That every byte of a certificate counts is proved where
    /// certificates are.)
    private static void flipsAreRefused(boolean ofInitiator, int message, Function<byte[], List<Integer>> places)
            throws Exception {
        List<Integer> all = places.apply(sent(ofInitiator, message));
        assertThat(all).isNotEmpty();
        for (int at : all) {
            LinkPair pair = new LinkPair();
            pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
            Flip flip = new Flip(message, at, at % 8);
            if (ofInitiator) {
                pair.towardBob = flip::apply;
            } else {
                pair.towardAlice = flip::apply;
            }
            pair.join(pair.alice.world.connected().getFirst());
            Link accepted = pair.bob.link();
            assertThat(accepted == null || accepted.peer() == null)
                    .as("byte " + at)
                    .isTrue();
            assertThat(pair.alice.links.count()).as("byte " + at).isZero();
            assertThat(pair.bob.links.count()).as("byte " + at).isZero();
            pair.close();
            assertThat(pair.alice.pool.outstanding() + pair.bob.pool.outstanding())
                    .isZero();
        }
    }

    private static List<Integer> everyFrom(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static byte[] sent(boolean ofInitiator, int message) throws Exception {
        LinkPair pair = new LinkPair();
        Flip looking = new Flip(message, -1, 0);
        pair.alice.links.dial(LinkPair.bobAsTarget(), pair.note());
        if (ofInitiator) {
            pair.towardBob = looking::apply;
        } else {
            pair.towardAlice = looking::apply;
        }
        pair.join(pair.alice.world.connected().getFirst());
        pair.close();
        return looking.found;
    }

    private static final class Flip {
        private final int message;
        private final int at;
        private final int bit;
        private int seen;
        private byte[] found;

        Flip(int message, int at, int bit) {
            this.message = message;
            this.at = at;
            this.bit = bit;
        }

        byte[] apply(byte[] bytes) {
            if (seen++ == message) {
                found = bytes.clone();
                if (at >= 0) {
                    bytes[at] ^= (byte) (1 << bit);
                }
            }
            return bytes;
        }
    }
}
