package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.ConfluxLinkBody;
import sallyport.engine.cell.ConfluxSwitchBody;
import sallyport.engine.cell.Create2Body;
import sallyport.engine.cell.DesiredUx;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.Extend2Body;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.exit.FarEnd;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.onionskin.NtorV3Client;

/// Circuits that are legs: what a client may say of conflux, what it may not, and what legs share.
class ConfluxCircuitTest {
    private static final int INCREMENT = 31;
    private static final byte[] NONCE = new byte[ConfluxLinkBody.NONCE_LENGTH];
    private static final byte[] LITERAL = "192.0.2.1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
    private static final RelayAddress NEXT = new RelayAddress(new byte[] {5, 6, 7, 8}, 9001);

    private final CircuitRig rig = new CircuitRig(11, true);
    private final FakeLinks.Peer one = rig.relay(false, 1);
    private final FakeLinks.Peer other = rig.relay(false, 2);
    private TestClient first = new TestClient(rig, one, 5);
    private TestClient second = new TestClient(rig, other, 5);
    private int nextId = 6;

    @BeforeEach
    void create() throws Malformed {
        assertThat(first.createV3(NtorV3Client.congestionControl())).isEqualTo(INCREMENT);
        second.createV3(NtorV3Client.congestionControl());
    }

    @AfterEach
    void nothingIsLeft() {
        rig.end(one, other);
        assertThat(rig.circuits.linked().size()).isZero();
    }

    @Test
    void linkIsAnsweredWithLinkedOfTheSameNonce() throws Malformed {
        byte[] nonce = new byte[ConfluxLinkBody.NONCE_LENGTH];
        new Random(1).nextBytes(nonce);
        ConfluxLinkBody linked = link(first, new ConfluxLinkBody(nonce, 0, 0, DesiredUx.HIGH_THROUGHPUT));
        assertThat(linked.nonce()).isEqualTo(nonce);
        assertThat(linked.lastSent()).isZero();
        assertThat(linked.lastReceived()).isZero();
        assertThat(linked.ux()).isEqualTo(DesiredUx.MIN_LATENCY);
        link(second, new ConfluxLinkBody(nonce, 0, 0, DesiredUx.HIGH_THROUGHPUT));
        assertThat(rig.circuits.confluxSets()).isEqualTo(1);
    }

    /// Two legs in turn; each answer comes on the leg whose round trip is the shortest.
    @Test
    void messagesAreAnsweredInTheOrderOfTheirNumbers() throws Malformed {
        linkBoth();
        ask(first, 1);
        second.send(RelayCommand.CONFLUX_SWITCH, 0, new ConfluxSwitchBody(2).encode());
        ask(second, 3);
        ask(second, 4);
        assertThat(answered(first)).containsExactly(1);
        ask(first, 2);
        assertThat(answered(first)).containsExactly(2, 3, 4);
        assertThat(second.read()).isEmpty();
        ConfluxLinkBody third = link(another(one), plain());
        assertThat(third.lastReceived()).isEqualTo(4);
        assertThat(third.lastSent()).isEqualTo(4);
    }

    /// Legs need not speak the same format.
    @Test
    void legsOfBothKindsOfEncryptionCarryOneConversation() throws Malformed {
        TestClient cgo = new TestClient(rig, other, nextId++);
        cgo.createV3(NtorV3Client.counterGalois());
        link(cgo, plain());
        link(first, plain());
        acknowledge(first, 10);
        first.send(RelayCommand.CONFLUX_SWITCH, 0, new ConfluxSwitchBody(1).encode());
        ask(first, 2);
        ask(cgo, 1);
        assertThat(answered(first)).containsExactly(1, 2);
    }

    @Test
    void dataIsAcknowledgedWhereAndWhenItArrives() throws Malformed {
        linkBoth();
        second.send(RelayCommand.CONFLUX_SWITCH, 0, new ConfluxSwitchBody(1).encode());
        for (int i = 0; i < INCREMENT; i++) {
            second.send(RelayCommand.DATA, 9, new byte[100]);
        }
        byte[] tag = second.lastTag();
        assertThat(second.read()).singleElement().satisfies(message -> {
            assertThat(message.command()).isEqualTo(RelayCommand.SENDME);
            assertThat(message.body()).isEqualTo(new SendmeBody(1, tag).encode());
        });
        assertThat(rig.limits.memory().held()).as("they wait").isPositive();
        ask(first, 1);
        assertThat(answered(first)).containsExactly(1);
        assertThat(rig.limits.memory().held()).isZero();
    }

    /// The windows are the legs': what one may not send any more, the other still does.
    @Test
    void dataGoesToTheLegThatHasRoom() throws Malformed {
        linkBoth();
        ByteBuf source = Unpooled.wrappedBuffer(new byte[600 * 498]);
        var set = rig.circuits.linked().get(ByteBuffer.wrap(NONCE)).set();
        int sent = 0;
        while (set.ready()) {
            assertThat(set.sendData(9, source)).isPositive();
            sent++;
        }
        source.release();
        List<TestClient.Message> onFirst = first.read();
        List<TestClient.Message> onSecond = second.read();
        assertThat(sent).isEqualTo(2 * 124);
        assertThat(onFirst).hasSize(124).allMatch(message -> message.command() == RelayCommand.DATA);
        assertThat(onSecond).hasSize(125);
        assertThat(onSecond.getFirst().body()).isEqualTo(new ConfluxSwitchBody(124).encode());
        second.send(
                RelayCommand.SENDME,
                0,
                new SendmeBody(1, onSecond.get(INCREMENT).tag()).encode());
        rig.settle();
        assertThat(set.ready()).isTrue();
    }

    @Test
    void messagesThatAreDroppedForWantOfAStreamIdHaveNoNumber() throws Malformed {
        linkBoth();
        for (int command : List.of(
                RelayCommand.BEGIN,
                RelayCommand.CONNECTED,
                RelayCommand.END,
                RelayCommand.RESOLVE,
                RelayCommand.RESOLVED)) {
            first.send(command, 0, new byte[] {6});
        }
        ask(first, 1);
        assertThat(answered(first)).containsExactly(1);
        assertThat(link(another(one), plain()).lastReceived()).isEqualTo(1);
        first.send(RelayCommand.DATA, 0, NOTHING);
        first.send(RelayCommand.XON, 0, NOTHING);
        first.send(RelayCommand.XOFF, 0, NOTHING);
        assertThat(link(another(one), plain()).lastReceived()).isEqualTo(4);
    }

    // What C tor refuses

    @Test
    void whatNoClientMaySayEndsTheCircuit() throws Malformed {
        byte[] linking = plain().encode();
        assertCloses("LINKED from a client", () -> first.send(RelayCommand.CONFLUX_LINKED, 0, linking));
        String unlinked = "conflux message on a circuit that is not linked";
        assertCloses(unlinked, () -> first.send(RelayCommand.CONFLUX_LINKED_ACK, 0, NOTHING));
        assertCloses(unlinked, () -> first.send(RelayCommand.CONFLUX_SWITCH, 0, new ConfluxSwitchBody(1).encode()));
        assertCloses("LINK on a circuit that is linked", () -> {
            first.send(RelayCommand.CONFLUX_LINK, 0, linking);
            first.send(RelayCommand.CONFLUX_LINK, 0, linking);
        });
        for (int length : new int[] {0, 1, 49}) {
            assertCloses(
                    "LINK that cannot be read",
                    () -> first.send(RelayCommand.CONFLUX_LINK, 0, Arrays.copyOf(linking, length)));
        }
        for (int at : new int[] {0, linking.length - 1}) {
            byte[] wrong = linking.clone();
            wrong[at] = 5;
            assertCloses("LINK that cannot be read", () -> first.send(RelayCommand.CONFLUX_LINK, 0, wrong));
        }
        assertThat(rig.circuits.confluxSets()).isZero();
    }

    @Test
    void circuitsWithoutCongestionControlAreNoLegs() throws Malformed {
        first = new TestClient(rig, one, nextId++).create();
        String what = "conflux where it is not to be had";
        assertCloses(what, () -> first.send(RelayCommand.CONFLUX_LINK, 0, plain().encode()));
        rig.parameters.put("cfx_enabled", 0);
        assertCloses(what, () -> first.send(RelayCommand.CONFLUX_LINK, 0, plain().encode()));
    }

    /// C tor's TROVE-2026-025: the stream would have been nobody's, and its circuit freed under it.
    @Test
    void aLinkOnACircuitWithStreamsEndsIt() throws Malformed {
        FarEnd.Events[] ear = new FarEnd.Events[1];
        rig.directory = (_, events) -> {
            ear[0] = events;
            return new SilentServer();
        };
        assertCloses("LINK on a circuit with streams", () -> {
            first.send(RelayCommand.BEGIN_DIR, 7, NOTHING);
            first.send(RelayCommand.CONFLUX_LINK, 0, plain().encode());
        });
        assertCloses("LINK on a circuit with streams", () -> {
            first.send(RelayCommand.BEGIN_DIR, 7, NOTHING);
            ear[0].onConnected();
            first.send(RelayCommand.CONFLUX_LINK, 0, plain().encode());
        });
        first.send(RelayCommand.BEGIN_DIR, 7, NOTHING);
        first.send(RelayCommand.END, 7, new byte[] {6});
        link(first, plain());
    }

    /// C tor's TROVE-2026-008.
    @Test
    void noDirectoryIsServedOnALeg() throws Malformed {
        rig.directory = (_, _) -> {
            throw new AssertionError("asked");
        };
        linkBoth();
        first.send(RelayCommand.BEGIN_DIR, 7, NOTHING);
        assertThat(first.read()).singleElement().satisfies(message -> {
            assertThat(message.command()).isEqualTo(RelayCommand.END);
            assertThat(message.body()).isEqualTo(new byte[] {(byte) EndReason.NOTDIRECTORY.code()});
        });
    }

    @Test
    void aLegGoesNoFurther() throws Malformed {
        FakeLinks.Peer next = rig.relay(true, 3);
        String what = "conflux on a circuit with a next hop";
        for (int command :
                List.of(RelayCommand.CONFLUX_LINK, RelayCommand.CONFLUX_LINKED_ACK, RelayCommand.CONFLUX_SWITCH)) {
            extend(first, next);
            assertCloses(what, () -> first.send(command, 0, plain().encode()));
        }
        link(first, plain());
        extend(first, next);
        assertCloses(what, () -> ask(first, 1));
        next.take();
        next.close();
    }

    @Test
    void aLinkAfterLostMessagesEndsTheSet() throws Malformed {
        link(second, plain());
        ConfluxLinkBody claim = new ConfluxLinkBody(NONCE, 1, 0, DesiredUx.NO_OPINION);
        assertCloses(
                DestroyReason.INTERNAL,
                "LINK after messages that were lost",
                () -> first.send(RelayCommand.CONFLUX_LINK, 0, claim.encode()));
        assertThat(second.destroyed()).isEqualTo(DestroyReason.TORPROTOCOL.code());
        assertCloses(
                DestroyReason.INTERNAL,
                "LINK after messages that were lost",
                () -> first.send(RelayCommand.CONFLUX_LINK, 0, claim.encode()));
        assertThat(rig.circuits.confluxSets()).isZero();
    }

    @Test
    void aNinthLegIsRefusedAndTheOthersGoOn() throws Malformed {
        link(second, plain());
        for (int i = 1; i < 8; i++) {
            link(another(other), plain());
        }
        assertCloses("LINK beyond the legs of a set", () -> first.send(RelayCommand.CONFLUX_LINK, 0, plain().encode()));
        ask(second, 1);
        assertThat(answered(second)).containsExactly(1);
    }

    @Test
    void aNumberThatWasDeliveredEndsItsLegOnly() throws Malformed {
        linkBoth();
        ask(first, 1);
        assertThat(answered(first)).containsExactly(1);
        ask(second, 2);
        assertThat(second.destroyed()).isEqualTo(DestroyReason.INTERNAL.code());
        ask(first, 3);
        assertThat(answered(first)).containsExactly(3);
    }

    @Test
    void aSwitchTooShortIsNoSwitch() throws Malformed {
        linkBoth();
        first.send(RelayCommand.CONFLUX_SWITCH, 0, new byte[3]);
        ask(first, 1);
        assertThat(answered(first)).containsExactly(1);
        assertThat(rig.faults.snapshot()).containsEntry("SWITCH that cannot be read", 1L);
    }

    /// Whether a client may open streams is a question to the leg that asks, not to that which came first.
    @Test
    void everyLegAnswersForItsOwnPreviousHop() throws Malformed {
        rig.parameters.put("refuseunknownexits", 0);
        FakeLinks.Peer directly = rig.client();
        TestClient singleHop = new TestClient(rig, directly, 5);
        singleHop.createV3(NtorV3Client.congestionControl());
        link(first, plain());
        link(singleHop, plain());
        acknowledge(first, 1);
        singleHop.send(RelayCommand.BEGIN, 1, "192.0.2.1:80\0".getBytes(StandardCharsets.US_ASCII));
        first.send(RelayCommand.CONFLUX_SWITCH, 0, new ConfluxSwitchBody(1).encode());
        first.send(RelayCommand.BEGIN, 2, "192.0.2.1:80\0".getBytes(StandardCharsets.US_ASCII));
        assertThat(first.read())
                .extracting(message -> (int) message.body()[0])
                .containsExactly(EndReason.TORPROTOCOL.code(), EndReason.EXITPOLICY.code());
        directly.take();
        directly.close();
    }

    // Losing legs

    @Test
    void theEndOfTheLegInUseEndsTheOther() throws Malformed {
        linkBoth();
        ask(first, 1);
        assertThat(answered(first)).containsExactly(1);
        first.deliver(CellCommand.DESTROY, new byte[509]);
        assertThat(second.destroyed()).isEqualTo(DestroyReason.FINISHED.code());
        assertThat(rig.circuits.confluxSets()).isZero();
    }

    @Test
    void theEndOfAnIdleLegEndsNothing() throws Malformed {
        linkBoth();
        ask(first, 1);
        second.deliver(CellCommand.DESTROY, new byte[509]);
        ask(first, 2);
        assertThat(answered(first)).containsExactly(1, 2);
        assertThat(rig.circuits.confluxSets()).isEqualTo(1);
    }

    @Test
    void legsOfOneLinkEndWithIt() throws Malformed {
        FakeLinks.Peer shared = rig.relay(false, 4);
        TestClient leg = another(shared);
        link(leg, plain());
        link(another(shared), plain());
        acknowledge(leg, 10);
        ask(leg, 1);
        assertThat(answered(leg)).containsExactly(1);
        shared.close();
        assertThat(rig.circuits.confluxSets()).isZero();
    }

    @Test
    void memoryReliefTakesTheWholeSet() throws Malformed {
        linkBoth();
        second.send(RelayCommand.CONFLUX_SWITCH, 0, new ConfluxSwitchBody(1).encode());
        ask(second, 2);
        RelayCircuit offered = rig.circuits.all().iterator().next();
        assertThat(offered.oldestNanos()).isNotNull();
        offered.closeForMemory();
        assertThat(rig.limits.memory().held()).isZero();
        assertThat(first.destroyed()).isEqualTo(DestroyReason.RESOURCELIMIT.code());
        assertThat(second.destroyed()).isEqualTo(DestroyReason.FINISHED.code());
    }

    // Hands

    private void linkBoth() throws Malformed {
        link(first, plain());
        link(second, plain());
        acknowledge(first, 10);
        acknowledge(second, 90);
    }

    private ConfluxLinkBody link(TestClient client, ConfluxLinkBody body) throws Malformed {
        client.send(RelayCommand.CONFLUX_LINK, 0, body.encode());
        TestClient.Message linked = client.read().getLast();
        assertThat(linked.command()).isEqualTo(RelayCommand.CONFLUX_LINKED);
        assertThat(linked.streamId()).isZero();
        return ConfluxLinkBody.decode(linked.body(), 0, linked.body().length);
    }

    private void acknowledge(TestClient client, long afterMicros) {
        rig.world.advanceMicros(afterMicros);
        client.send(RelayCommand.CONFLUX_LINKED_ACK, 0, NOTHING);
    }

    private TestClient another(FakeLinks.Peer peer) throws Malformed {
        TestClient client = new TestClient(rig, peer, nextId++);
        client.createV3(NtorV3Client.congestionControl());
        return client;
    }

    private static ConfluxLinkBody plain() {
        return new ConfluxLinkBody(NONCE, 0, 0, DesiredUx.HIGH_THROUGHPUT);
    }

    /// A question that every relay answers at once.
    private static void ask(TestClient client, int streamId) {
        client.send(RelayCommand.RESOLVE, streamId, LITERAL);
    }

    private static List<Integer> answered(TestClient client) {
        return client.read().stream()
                .filter(message -> message.command() == RelayCommand.RESOLVED)
                .map(TestClient.Message::streamId)
                .toList();
    }

    private void extend(TestClient client, FakeLinks.Peer next) {
        Create2Body create = new Create2Body(2, CircuitRig.bytes(84, 9));
        client.sendEarly(
                RelayCommand.EXTEND2,
                0,
                new Extend2Body(NEXT, null, CircuitRig.bytes(20, 3), CircuitRig.bytes(32, 3), create).encode());
        rig.settle();
        rig.dials.getLast().opened(next.link());
        rig.settle();
    }

    private void assertCloses(String countedAs, Runnable rudeness) throws Malformed {
        assertCloses(DestroyReason.TORPROTOCOL, countedAs, rudeness);
    }

    private void assertCloses(DestroyReason reason, String countedAs, Runnable rudeness) throws Malformed {
        long before = rig.faults.snapshot().getOrDefault(countedAs, 0L);
        rudeness.run();
        first.read();
        assertThat(first.destroyed()).as(countedAs).isEqualTo(reason.code());
        assertThat(rig.faults.snapshot()).containsEntry(countedAs, before + 1);
        first = another(one);
    }
}
