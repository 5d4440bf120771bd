package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.onionskin.CreateFast;
import sallyport.engine.onionskin.NtorV3Client;

/// As a middle we are invisible when we are right; when wrong, we break circuits of people we never see.
class ExtendTest {
    private static final int PREVIOUS = 1;
    private static final int NEXT = 2;
    private static final int TORPROTOCOL = DestroyReason.TORPROTOCOL.code();
    private static final RelayAddress PUBLIC = new RelayAddress(new byte[] {5, 6, 7, 8}, 9001);
    private static final RelayAddress PRIVATE = new RelayAddress(new byte[] {10, 0, 0, 1}, 9001);
    private static final RelayAddress PUBLIC6 = new RelayAddress(CircuitRig.bytes(16, 0x26), 9001);
    private static final Create2Body NTOR = new Create2Body(2, CircuitRig.bytes(84, 9));

    private final CircuitRig rig = new CircuitRig(2, false);
    private final FakeLinks.Peer previous = rig.relay(false, PREVIOUS);
    private final FakeLinks.Peer next = rig.relay(true, NEXT);
    private TestClient client = new TestClient(rig, previous, 5);

    @BeforeEach
    void create() throws Malformed {
        client.create();
    }

    @AfterEach
    void nothingIsLeft() {
        rig.end(previous, next);
    }

    @Test
    void extendsAndCarriesCellsBothWays() throws Malformed {
        Extended end = extended();
        // To the second hop: arrives with the second layer only, its command kept.
        client.send(1, CellCommand.RELAY, RelayCommand.DATA, 3, new byte[] {1, 2, 3}, 3);
        client.send(1, CellCommand.RELAY_EARLY, RelayCommand.DATA, 3, new byte[] {4}, 1);
        rig.settle();
        List<byte[]> cells = next.take();
        assertThat(cells).hasSize(2);
        assertThat(cells.get(0)[4]).isEqualTo((byte) CellCommand.RELAY);
        assertThat(cells.get(1)[4]).isEqualTo((byte) CellCommand.RELAY_EARLY);
        for (byte[] cell : cells) {
            assertThat(end.recognizes(cell)).isTrue();
        }
        // From the second hop, mixed with answers of the first.
        next.deliver(end.circuitId, CellCommand.RELAY, end.answer(RelayCommand.END, 3, new byte[] {6}));
        client.send(0, CellCommand.RELAY, RelayCommand.DROP, 0, new byte[0], 0);
        List<TestClient.Message> messages = client.read();
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().hop()).isEqualTo(1);
        assertThat(messages.getFirst().command()).isEqualTo(RelayCommand.END);
    }

    /// A circuit of one hop is a directory request or a test: nobody's secret is in when it happens.
    @Test
    void aClientsLinkIsPaddedOnceItsCircuitHasASecondHop() throws Malformed {
        FakeLinks.Peer person = rig.client();
        client = new TestClient(rig, person, 6).create();
        client.send(0, CellCommand.RELAY, RelayCommand.DROP, 0, new byte[0], 0);
        assertThat(person.isPadded()).isFalse();

        extended();
        assertThat(person.isPadded()).isFalse();
        client.send(1, CellCommand.RELAY_EARLY, RelayCommand.DATA, 3, new byte[] {1}, 1);
        assertThat(person.isPadded()).isTrue();
        assertThat(next.isPadded()).isFalse();
        rig.settle();
        next.take();
        rig.end(person);
    }

    @Test
    void cellsPassWhileTheNextHopComputes() {
        extend(request(PUBLIC, null, NEXT, null));
        rig.dials.getFirst().opened(next.link());
        client.deliver(CellCommand.RELAY, CircuitRig.bytes(509, 0x77));
        rig.settle();
        assertThat(next.take())
                .extracting(cell -> (int) cell[4])
                .containsExactly(CellCommand.CREATE2, CellCommand.RELAY);
    }

    @Test
    void asksForTheRelayThatTheCellNames() {
        extend(request(PUBLIC, PUBLIC6, NEXT, CircuitRig.bytes(32, NEXT)));
        assertThat(rig.targets).hasSize(1);
        assertThat(rig.targets.getFirst().addresses()).containsExactly(PUBLIC, PUBLIC6);
        assertThat(rig.targets.getFirst().rsaDigest()).isEqualTo(CircuitRig.bytes(20, NEXT));
        assertThat(rig.targets.getFirst().ed25519()).isEqualTo(CircuitRig.bytes(32, NEXT));
    }

    @Test
    void fillsMissingIdentityAndFamilyFromTheConsensus() {
        rig.relays = knows(NEXT, List.of(PUBLIC, PUBLIC6));
        extend(request(PUBLIC, null, NEXT, null));
        assertThat(rig.targets.getFirst().addresses()).containsExactly(PUBLIC, PUBLIC6);
        assertThat(rig.targets.getFirst().ed25519()).isEqualTo(CircuitRig.bytes(32, NEXT));
    }

    /// The consensus is asked only after the cell itself has passed.
    @Test
    void aPrivateAddressIsRefusedEvenForAKnownRelay() {
        rig.relays = knows(NEXT, List.of(PUBLIC, PUBLIC6));
        extend(request(PRIVATE, null, NEXT, null));
        assertClosed();
    }

    @Test
    void aPrivateAddressBesideAPublicOneIsLeftOut() {
        extend(request(PRIVATE, PUBLIC6, NEXT, null));
        assertThat(rig.targets.getFirst().addresses()).containsExactly(PUBLIC6);
    }

    @Test
    void privateTargetsAreAllowedWhereConfigured() throws Malformed {
        CircuitRig testing = new CircuitRig(3, true);
        FakeLinks.Peer peer = testing.relay(false, PREVIOUS);
        TestClient own = new TestClient(testing, peer, 1).create();
        own.sendEarly(RelayCommand.EXTEND2, 0, request(PRIVATE, null, NEXT, null));
        assertThat(testing.targets).hasSize(1);
        testing.end(peer);
    }

    @Test
    void refusesTargetsAgainstTheRules() throws Malformed {
        List<byte[]> bad = List.of(
                request(new RelayAddress(new byte[] {5, 6, 7, 8}, 0), null, NEXT, null),
                request(new RelayAddress(new byte[4], 9001), null, NEXT, null),
                request(new RelayAddress(new byte[] {127, 0, 0, 1}, 9001), null, NEXT, null),
                request(PUBLIC, null, 0, null),
                request(PUBLIC, null, PREVIOUS, null),
                request(PUBLIC, null, NEXT, CircuitRig.bytes(32, PREVIOUS)),
                new Extend2Body(PUBLIC, null, CircuitRig.bytes(20, NEXT), null, new Create2Body(0, new byte[186]))
                        .encode(),
                new Extend2Body(PUBLIC, null, CircuitRig.bytes(20, NEXT), null, new Create2Body(1, new byte[20]))
                        .encode(),
                new Extend2Body(PUBLIC, null, CircuitRig.bytes(20, NEXT), null, new Create2Body(2, new byte[83]))
                        .encode());
        for (byte[] body : bad) {
            extend(body);
            assertClosed();
            assertThat(rig.targets).isEmpty();
            client = new TestClient(rig, previous, 5).create();
        }
    }

    @Test
    void refusesMalformedBodies() throws Malformed {
        byte[] good = request(PUBLIC, PUBLIC6, NEXT, CircuitRig.bytes(32, NEXT));
        byte[] twoEds = new byte[good.length + 34];
        twoEds[0] = 5;
        twoEds[1] = 3;
        twoEds[2] = 32;
        System.arraycopy(good, 1, twoEds, 35, good.length - 1);
        byte[] wrongLength = good.clone();
        wrongLength[2] = 5;
        byte[] noSpecs = {0, 0, 2, 0, 84};
        for (byte[] body : List.of(new byte[0], noSpecs, twoEds, wrongLength, Arrays.copyOf(good, good.length - 1))) {
            extend(body);
            assertClosed();
            client = new TestClient(rig, previous, 5).create();
        }
    }

    @Test
    void carriesHandshakesItDoesNotKnow() {
        extend(new Extend2Body(PUBLIC, null, CircuitRig.bytes(20, NEXT), null, new Create2Body(3, new byte[200]))
                .encode());
        rig.dials.getFirst().opened(next.link());
        rig.settle();
        assertThat(next.take()).hasSize(1);
    }

    @Test
    void anExtendOutsideRelayEarlyOrWithAStreamIdIsDropped() {
        client.send(RelayCommand.EXTEND2, 0, request(PUBLIC, null, NEXT, null));
        client.sendEarly(RelayCommand.EXTEND2, 1, request(PUBLIC, null, NEXT, null));
        assertThat(rig.targets).isEmpty();
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
        rig.parameters.put("AllowNonearlyExtend", 1);
        client.send(RelayCommand.EXTEND2, 0, request(PUBLIC, null, NEXT, null));
        assertThat(rig.targets).hasSize(1);
    }

    @Test
    void theOldExtendAndASecondOneCloseTheCircuit() throws Malformed {
        client.sendEarly(RelayCommand.EXTEND, 0, new byte[200]);
        assertClosed();
        client = new TestClient(rig, previous, 6).create();
        extend(request(PUBLIC, null, NEXT, null));
        extend(request(PUBLIC, null, NEXT, null));
        assertClosed();
    }

    @Test
    void aFailedDialClosesWithItsReason() throws Malformed {
        extend(request(PUBLIC, null, NEXT, null));
        rig.dials.getFirst().failed(DestroyReason.OR_IDENTITY);
        assertThat(client.destroyed()).isEqualTo(DestroyReason.OR_IDENTITY.code());
        // What comes after the end is nobody's.
        client = new TestClient(rig, previous, 6).create();
        extend(request(PUBLIC, null, NEXT, null));
        client.deliver(CellCommand.DESTROY, new byte[] {0});
        rig.dials.getLast().opened(next.link());
        rig.settle();
        assertThat(next.take()).isEmpty();
        assertThat(next.link().openCircuits()).isZero();
    }

    @Test
    void badAnswersOfTheNextHopCloseTheCircuit() throws Malformed {
        for (int command : new int[] {CellCommand.CREATED, CellCommand.CREATED_FAST, CellCommand.RELAY_EARLY}) {
            int id = extending();
            next.deliver(id, command, new byte[40]);
            assertBothClosed();
            client = new TestClient(rig, previous, 5).create();
        }
        int id = extending();
        next.deliver(id, CellCommand.CREATED2, new byte[] {1, (byte) 0xf1});
        assertBothClosed();
    }

    @Test
    void theLargestCreated2FitsAndASecondOneCloses() {
        int id = extending();
        next.deliver(id, CellCommand.CREATED2, new byte[] {1, (byte) 0xf0});
        List<TestClient.Message> messages = client.read();
        assertThat(messages).extracting(TestClient.Message::command).containsExactly(RelayCommand.EXTENDED2);
        assertThat(messages.getFirst().body()).hasSize(498);
        next.deliver(id, CellCommand.CREATED2, new byte[] {0, 64});
        assertBothClosed();
    }

    /// A message without a stream has 490 bytes under counter galois onion, and two of them say the length.
    @Test
    void underCounterGaloisOnionTheLargestCreated2IsShorter() throws Malformed {
        for (int length : new int[] {488, 489}) {
            client = new TestClient(rig, previous, length);
            client.createV3(NtorV3Client.counterGalois());
            int id = extending();
            next.deliver(id, CellCommand.CREATED2, new byte[] {1, (byte) length});
            if (length == 488) {
                assertThat(client.read()).singleElement().satisfies(message -> {
                    assertThat(message.command()).isEqualTo(RelayCommand.EXTENDED2);
                    assertThat(message.body()).hasSize(490);
                });
                client.send(RelayCommand.TRUNCATE, 0, new byte[] {0});
                client.read();
                next.take();
            } else {
                assertThat(client.destroyed()).isEqualTo(TORPROTOCOL);
            }
        }
    }

    @Test
    void truncateCutsTheNextHopOffAndAnotherCanFollow() throws Malformed {
        extended();
        client.send(0, CellCommand.RELAY, RelayCommand.TRUNCATE, 0, new byte[] {9}, 1);
        assertThat(client.read()).extracting(TestClient.Message::command).containsExactly(RelayCommand.TRUNCATED);
        assertDestroyed(next, 9);
        extend(request(PUBLIC, null, NEXT, null));
        rig.dials.getLast().opened(next.link());
        rig.settle();
        assertThat(next.take()).hasSize(1);
    }

    @Test
    void truncateWithoutAReasonIsAnErrorOnlyWithANextHop() throws Malformed {
        client.send(RelayCommand.TRUNCATE, 0, new byte[0]);
        assertThat(client.read()).hasSize(1);
        extended();
        client.send(0, CellCommand.RELAY, RelayCommand.TRUNCATE, 0, new byte[0], 0);
        assertBothClosed();
    }

    @Test
    void truncateCancelsAnExtendUnderWay() {
        extend(request(PUBLIC, null, NEXT, null));
        client.send(RelayCommand.TRUNCATE, 0, new byte[0]);
        assertThat(client.read()).extracting(TestClient.Message::command).containsExactly(RelayCommand.TRUNCATED);
        rig.dials.getFirst().opened(next.link());
        rig.dials.getFirst().failed(DestroyReason.CONNECTFAILED);
        rig.settle();
        assertThat(next.link().openCircuits()).isZero();
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
    }

    @Test
    void destroyOfEitherSideReachesTheOtherWithoutItsReason() throws Malformed {
        int id = extended().circuitId;
        next.deliver(id, CellCommand.DESTROY, new byte[] {5});
        assertThat(client.destroyed()).isEqualTo(DestroyReason.DESTROYED.code());
        assertThat(next.take()).isEmpty();

        client = new TestClient(rig, previous, 6).create();
        extended();
        client.deliver(CellCommand.DESTROY, new byte[] {5});
        rig.settle();
        assertDestroyed(next, DestroyReason.DESTROYED.code());
        assertThat(previous.take()).isEmpty();
        assertThat(rig.circuits.open()).isZero();
    }

    @Test
    void theEndOfEitherLinkEndsTheCircuit() throws Malformed {
        extended();
        next.close();
        assertThat(client.destroyed()).isEqualTo(DestroyReason.CHANNEL_CLOSED.code());

        FakeLinks.Peer another = rig.relay(true, NEXT);
        client = new TestClient(rig, previous, 6).create();
        extend(request(PUBLIC, null, NEXT, null));
        rig.dials.getLast().opened(another.link());
        rig.settle();
        another.take();
        previous.close();
        rig.settle();
        assertDestroyed(another, DestroyReason.CHANNEL_CLOSED.code());
        another.close();
    }

    @Test
    void aLinkThatDiedMeanwhileClosesTheCircuit() {
        extend(request(PUBLIC, null, NEXT, null));
        next.close();
        rig.dials.getFirst().opened(next.link());
        assertThat(client.destroyed()).isEqualTo(DestroyReason.CHANNEL_CLOSED.code());
    }

    /// A hop after us, played with CREATE_FAST's arithmetic: what matters is that both ends have keys.
    private record Extended(int circuitId, sallyport.engine.relaycrypto.Tor1Layer layer) {
        boolean recognizes(byte[] array) {
            Cell cell = new sallyport.engine.cell.CellPool().acquire();
            System.arraycopy(array, 0, cell.array(), 0, array.length);
            return layer.forward(cell);
        }

        byte[] answer(int command, int streamId, byte[] body) {
            Cell cell = new sallyport.engine.cell.CellPool().acquire();
            RelayCell.header(cell, command, streamId, body.length);
            cell.putBytes(RelayCell.DATA, body, 0, body.length);
            cell.zeroFrom(RelayCell.DATA + body.length);
            layer.originate(cell);
            return Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.LENGTH);
        }
    }

    private Extended extended() throws Malformed {
        int id = extending();
        next.deliver(id, CellCommand.CREATED2, new byte[] {0, 64});
        assertThat(client.read()).extracting(TestClient.Message::command).containsExactly(RelayCommand.EXTENDED2);
        byte[] x = CircuitRig.bytes(20, 1);
        var answer = CreateFast.answer(x, CircuitRig.bytes(20, 2));
        client.addHop(CreateFast.finish(x, answer.reply()));
        return new Extended(
                id, new sallyport.engine.relaycrypto.Tor1Layer(answer.secrets().keys()));
    }

    /// Up to the CREATE2 that has left; returns its circuit id.
    private int extending() {
        extend(request(PUBLIC, null, NEXT, null));
        rig.dials.getLast().opened(next.link());
        rig.settle();
        List<byte[]> cells = next.take();
        assertThat(cells).hasSize(1);
        byte[] create = cells.getFirst();
        assertThat(create[4]).isEqualTo((byte) CellCommand.CREATE2);
        assertThat(Arrays.copyOfRange(create, Cell.BODY, Cell.BODY + 4)).containsExactly(0, 2, 0, 84);
        assertThat(Arrays.copyOfRange(create, Cell.BODY + 4, Cell.BODY + 88)).isEqualTo(NTOR.handshake());
        assertThat(Arrays.copyOfRange(create, Cell.BODY + 88, Cell.LENGTH)).containsOnly(0);
        return java.nio.ByteBuffer.wrap(create).getInt();
    }

    private void extend(byte[] body) {
        client.sendEarly(RelayCommand.EXTEND2, 0, body);
    }

    private static byte[] request(
            @Nullable RelayAddress ipv4, @Nullable RelayAddress ipv6, int rsa, byte @Nullable [] ed25519) {
        return new Extend2Body(ipv4, ipv6, CircuitRig.bytes(20, rsa), ed25519, NTOR).encode();
    }

    private static RelayIndex knows(int name, List<RelayAddress> addresses) {
        RelayIndex.KnownRelay relay = new RelayIndex.KnownRelay(
                CircuitRig.bytes(20, name), CircuitRig.bytes(32, name), "next", addresses, Set.of(), null);
        return new OneRelay(relay);
    }

    private record OneRelay(KnownRelay relay) implements RelayIndex {
        @Override
        public boolean isKnownRelay(byte[] rsaDigest) {
            return byRsa(rsaDigest) != null;
        }

        @Override
        public boolean isOrPort(byte[] ip, int port) {
            return false;
        }

        @Override
        public @Nullable KnownRelay byRsa(byte[] rsaDigest) {
            return Arrays.equals(rsaDigest, relay.rsaDigest()) ? relay : null;
        }

        @Override
        public @Nullable KnownRelay byEd25519(byte[] ed25519) {
            return null;
        }

        @Override
        public List<KnownRelay> relays() {
            return List.of(relay);
        }

        @Override
        public int size() {
            return 1;
        }
    }

    private void assertClosed() {
        assertThat(client.destroyed()).isEqualTo(TORPROTOCOL);
        assertThat(rig.circuits.open()).isZero();
    }

    private void assertBothClosed() {
        assertClosed();
        assertDestroyed(next, TORPROTOCOL);
    }

    private static void assertDestroyed(FakeLinks.Peer peer, int reason) {
        List<byte[]> cells = peer.take();
        assertThat(cells).hasSize(1);
        assertThat(cells.getFirst()[4]).isEqualTo((byte) CellCommand.DESTROY);
        assertThat(cells.getFirst()[Cell.BODY]).isEqualTo((byte) reason);
    }
}
