package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.link.FakeLinks;

/// Windows and the table of what a client may say to the relay its circuit ends at.
class ClientSideTest {
    private static final int TORPROTOCOL = DestroyReason.TORPROTOCOL.code();

    private final CircuitRig rig = new CircuitRig(4, true);
    private final FakeLinks.Peer peer = rig.client();
    private TestClient client = new TestClient(rig, peer, 5);

    @BeforeEach
    void create() throws Malformed {
        client.create();
    }

    @AfterEach
    void nothingIsLeft() {
        rig.end(peer);
    }

    @Test
    void everyHundredthDataCellIsAnsweredWithItsTag() {
        for (int i = 1; i <= 350; i++) {
            // Stream 0 and unknown streams count like any other.
            client.send(RelayCommand.DATA, i % 3, new byte[] {(byte) i});
            byte[] tag = client.lastTag();
            List<TestClient.Message> answers = client.read().stream()
                    .filter(message -> message.streamId() == 0)
                    .toList();
            assertThat(answers).hasSize(i % 100 == 0 ? 1 : 0);
            if (i % 100 == 0) {
                assertThat(answers.getFirst().command()).isEqualTo(RelayCommand.SENDME);
                assertThat(answers.getFirst().body()).isEqualTo(new SendmeBody(1, tag).encode());
            }
        }
    }

    @Test
    void sendsEmptySendmesWhereTheConsensusWantsThem() {
        rig.parameters.put("sendme_emit_min_version", 0);
        for (int i = 0; i < 100; i++) {
            client.send(RelayCommand.DATA, 0, new byte[1]);
        }
        assertThat(client.read())
                .singleElement()
                .satisfies(message -> assertThat(message.body()).isEmpty());
    }

    @Test
    void packagesBytesIntoCellsUntilTheWindowIsShutAndGoesOnAfterASendme() {
        ClientSide side = side();
        ByteBuf source = source(2000 * 498);
        List<TestClient.Message> got = sendAll(side, source);
        assertThat(got).hasSize(1000);
        assertThat(side.ready()).isFalse();
        for (int acknowledged = 100; acknowledged <= 300; acknowledged += 100) {
            sendme(1, got.get(acknowledged - 1).tag());
            assertThat(side.ready()).isTrue();
            assertThat(sendAll(side, source)).hasSize(100);
            assertThat(side.ready()).isFalse();
        }
        source.release();
    }

    @Test
    void everyByteArrivesOnceAndInOrderAndSomePaddingIsRandom() {
        byte[] bytes = new byte[300_000];
        new java.util.Random(7).nextBytes(bytes);
        ByteBuf source = Unpooled.wrappedBuffer(bytes);
        List<TestClient.Message> got = sendAll(side(), source);
        ByteBuf back = Unpooled.buffer();
        got.forEach(message -> back.writeBytes(message.body()));
        assertThat(back.readableBytes()).isEqualTo(bytes.length);
        assertThat(Arrays.equals(back.array(), 0, bytes.length, bytes, 0, bytes.length))
                .isTrue();
        assertThat(got).allSatisfy(message -> assertThat(message.streamId()).isEqualTo(12));
        for (int from = 0; from + 99 < got.size(); from += 99) {
            assertThat(got.subList(from, from + 99)).anyMatch(message -> message.body().length <= 478);
        }
    }

    @Test
    void theStartWindowFollowsTheConsensus() {
        rig.parameters.put("circwindow", 200);
        ByteBuf source = source(1000 * 498);
        assertThat(sendAll(side(), source)).hasSize(200);
        source.release();
    }

    @Test
    void wrongSendmesCloseTheCircuit() throws Malformed {
        assertCloses(() -> sendme(1, new byte[20]), "SENDME that nothing awaited");
        assertCloses(() -> sendme(1, exchange(100, 98)), "SENDME with a wrong tag");
        assertCloses(() -> sendme(1, new byte[16]), "SENDME that nothing awaited");
        assertCloses(
                () -> {
                    exchange(100, 99);
                    client.send(RelayCommand.SENDME, 0, new byte[] {1, 0});
                },
                "SENDME that cannot be read");
        assertCloses(
                () -> {
                    exchange(99, 98);
                    client.send(RelayCommand.SENDME, 0, new byte[0]);
                },
                "SENDME that nothing awaited");
        rig.parameters.put("sendme_accept_min_version", 1);
        assertCloses(
                () -> {
                    exchange(100, 99);
                    client.send(RelayCommand.SENDME, 0, new byte[0]);
                },
                "SENDME of a version no longer accepted");
    }

    @Test
    void circuitsOfCreateFastMaySendOldSendmes() throws Malformed {
        rig.parameters.put("sendme_accept_min_version", 1);
        client = new TestClient(rig, peer, 6).createFast();
        exchange(100, 99);
        client.send(RelayCommand.SENDME, 0, new byte[0]);
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
    }

    @Test
    void aFullQueueStopsStreamsAndADrainedOneResumesThem() {
        ClientSide side = side();
        peer.readable(false);
        ByteBuf source = source(1000 * 498);
        int cells = 0;
        while (side.ready()) {
            side.sendData(12, source);
            cells++;
        }
        assertThat(cells).isEqualTo(CircuitPort.QUEUE_HIGH_CELLS);
        peer.readable(true);
        assertThat(client.read()).hasSize(CircuitPort.QUEUE_HIGH_CELLS);
        assertThat(side.ready()).isTrue();
        source.release();
    }

    @Test
    void aQueueBeyondItsLimitEndsTheCircuit() {
        rig.parameters.put("circ_max_cell_queue_size", 50);
        peer.readable(false);
        for (int i = 0; i < 60; i++) {
            client.send(RelayCommand.TRUNCATE, 0, new byte[0]);
        }
        rig.settle();
        assertThat(rig.circuits.open()).isZero();
        peer.readable(true);
        assertThat(client.destroyed()).isEqualTo(DestroyReason.RESOURCELIMIT.code());
    }

    @Test
    void messagesThatAreDroppedLeaveTheCircuitOpen() {
        for (int command : List.of(
                RelayCommand.BEGIN,
                RelayCommand.BEGIN_DIR,
                RelayCommand.CONNECTED,
                RelayCommand.END,
                RelayCommand.RESOLVE,
                RelayCommand.RESOLVED,
                RelayCommand.DATA,
                RelayCommand.DROP,
                RelayCommand.EXTENDED,
                RelayCommand.EXTENDED2,
                RelayCommand.TRUNCATED,
                RelayCommand.PADDING_NEGOTIATE,
                0,
                16,
                255)) {
            client.send(command, 0, new byte[] {1, 2, 3});
            assertThat(client.destroyed()).as("command %d", command).isEqualTo(TestClient.NOT_DESTROYED);
        }
        assertThat(rig.faults.snapshot()).containsEntry("stream message without a stream id", 7L);
    }

    @Test
    void endWithoutAReasonClosesTheCircuit() throws Malformed {
        assertCloses(() -> client.send(RelayCommand.END, 9, new byte[0]), "END without a reason");
    }

    @Test
    void impossibleLengthsGarbageAndWrongDigestsCloseTheCircuit() throws Malformed {
        assertCloses(
                () -> client.send(0, CellCommand.RELAY, RelayCommand.DROP, 0, new byte[0], 499),
                "RELAY that cannot be read");
        assertCloses(
                () -> client.deliver(CellCommand.RELAY, CircuitRig.bytes(509, 0x33)),
                "unrecognized RELAY at the end of the circuit");
        assertCloses(() -> client.deliver(CellCommand.CREATED2, new byte[66]), "CREATED from the previous hop");
    }

    @Test
    void theNinthRelayEarlyClosesTheCircuit() throws Malformed {
        assertCloses(
                () -> {
                    for (int i = 0; i < 8; i++) {
                        client.sendEarly(RelayCommand.DROP, 0, new byte[0]);
                    }
                    assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
                    client.sendEarly(RelayCommand.DROP, 0, new byte[0]);
                },
                "too many RELAY_EARLY");
    }

    /// Our own mistake must cost that circuit only, and leave one line an hour.
    @Test
    void anExceptionOfOursClosesOnlyItsCircuit() throws Malformed {
        TestClient other = new TestClient(rig, peer, 6).create();
        for (int i = 0; i < 2; i++) {
            rig.parametersFail = new IllegalArgumentException("what a peer sent");
            client.send(RelayCommand.DATA, 0, new byte[0]);
            rig.parametersFail = null;
            assertThat(client.destroyed()).isEqualTo(DestroyReason.INTERNAL.code());
            client = new TestClient(rig, peer, 5).create();
        }
        assertThat(rig.faults.snapshot()).containsEntry(Circuits.OWN_BUG, 2L);
        assertThat(rig.world.lines).singleElement().asString().contains("bug").doesNotContain("what a peer sent");
        rig.ownBugsExpected = true;
        other.send(RelayCommand.TRUNCATE, 0, new byte[0]);
        assertThat(other.read()).hasSize(1);
    }

    private void assertCloses(Runnable rudeness, String countedAs) throws Malformed {
        long before = rig.faults.snapshot().getOrDefault(countedAs, 0L);
        rudeness.run();
        client.read();
        assertThat(client.destroyed()).isEqualTo(TORPROTOCOL);
        assertThat(rig.faults.snapshot()).containsEntry(countedAs, before + 1);
        assertThat(rig.circuits.open()).isZero();
        client = new TestClient(rig, peer, 5).create();
    }

    /// Lets `cells` DATA cells arrive and returns the tag of number `index`.
    private byte[] exchange(int cells, int index) {
        ByteBuf source = source(cells);
        ClientSide side = side();
        for (int i = 0; i < cells; i++) {
            side.sendData(12, source.readSlice(1));
        }
        source.release();
        return client.read().get(index).tag();
    }

    private List<TestClient.Message> sendAll(ClientSide side, ByteBuf source) {
        List<TestClient.Message> got = new java.util.ArrayList<>();
        while (source.isReadable() && side.ready()) {
            for (int i = 0; i < 50 && source.isReadable() && side.ready(); i++) {
                side.sendData(12, source);
            }
            got.addAll(client.read());
        }
        return got;
    }

    private void sendme(int version, byte[] tag) {
        client.send(RelayCommand.SENDME, 0, new SendmeBody(version, tag).encode());
        rig.settle();
    }

    private ClientSide side() {
        return rig.circuits.all().stream()
                .filter(circuit -> !circuit.isClosed())
                .collect(Collectors.toList())
                .getLast()
                .messages()
                .clientSide();
    }

    private static ByteBuf source(int length) {
        return Unpooled.wrappedBuffer(new byte[length]);
    }
}
