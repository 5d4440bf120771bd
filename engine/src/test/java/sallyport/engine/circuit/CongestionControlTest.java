package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.Tally;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.cell.XonBody;
import sallyport.engine.exit.FarEnd;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.onionskin.NtorV3Client;

/// A circuit whose client asked for congestion control, cell by cell.
class CongestionControlTest {
    private static final int INCREMENT = 31;
    private static final int STREAM = 12;

    private final CircuitRig rig = new CircuitRig(6, true);
    private final FakeLinks.Peer peer = rig.client();
    private TestClient client = new TestClient(rig, peer, 5);
    private int nextId = 6;

    @BeforeEach
    void create() throws Malformed {
        assertThat(client.createV3(NtorV3Client.congestionControl())).isEqualTo(INCREMENT);
    }

    @AfterEach
    void nothingIsLeft() {
        rig.end(peer);
    }

    @Test
    void everyThirtyFirstDataCellIsAnsweredWithItsTag() {
        for (int i = 1; i <= 320; i++) {
            client.send(RelayCommand.DATA, i % 3, new byte[] {(byte) i});
            byte[] tag = client.lastTag();
            List<TestClient.Message> answers = client.read();
            assertThat(answers).hasSize(i % INCREMENT == 0 ? 1 : 0);
            if (i % INCREMENT == 0) {
                assertThat(answers.getFirst().command()).isEqualTo(RelayCommand.SENDME);
                assertThat(answers.getFirst().body()).isEqualTo(new SendmeBody(1, tag).encode());
            }
        }
    }

    @Test
    void theIncrementAndTheFirstWindowAreTheConsensus() throws Malformed {
        rig.parameters.put("cc_sendme_inc", 40);
        rig.parameters.put("cc_cwnd_init", 200);
        client = new TestClient(rig, peer, nextId++);
        assertThat(client.createV3(NtorV3Client.congestionControl())).isEqualTo(40);
        ByteBuf source = source(1000 * 498);
        List<TestClient.Message> got = sendAll(source);
        assertThat(got).hasSize(200);
        rig.world.advance(1);
        sendme(got.get(39).tag());
        assertThat(sendAll(source)).hasSize(80);
        source.release();
    }

    @Test
    void withoutCongestionControlInTheConsensusTheWindowsAreFixed() throws Malformed {
        rig.parameters.put("cc_alg", 0);
        client = new TestClient(rig, peer, nextId++);
        assertThat(client.createV3(NtorV3Client.congestionControl())).isZero();
        ByteBuf source = source(1100 * 498);
        assertThat(sendAll(source)).hasSize(1000);
        source.release();
    }

    /// The first window is 124 cells; in slow start every acknowledgement makes room for its 31 cells and
    /// 31 more.
    @Test
    void theWindowGrowsWithEveryTagInOrder() {
        ByteBuf source = source(3000 * 498);
        List<TestClient.Message> got = new ArrayList<>(sendAll(source));
        assertThat(got).hasSize(124);
        int acknowledged = 0;
        for (int window = 155; window <= 310; window += 31) {
            if (acknowledged % 124 == 0) {
                // Every round trip takes one second.
                rig.world.advance(1);
            }
            sendme(got.get(acknowledged + INCREMENT - 1).tag());
            acknowledged += INCREMENT;
            got.addAll(sendAll(source));
            assertThat(got.size() - acknowledged).isEqualTo(window);
        }
        source.release();
    }

    /// A link that takes nothing is the first sign of congestion: slow start ends before any time was
    /// measured.
    @Test
    void aFullQueueTowardTheClientEndsSlowStart() throws Malformed {
        rig.parameters.put("cc_cwnd_init", 500);
        client = new TestClient(rig, peer, nextId++);
        client.createV3(NtorV3Client.congestionControl());
        ByteBuf source = source(3000 * 498);
        List<TestClient.Message> got = new ArrayList<>(sendSome(source, 50));
        peer.readable(false);
        ClientSide side = side();
        while (side.ready()) {
            side.sendData(STREAM, source);
        }
        rig.world.advance(1);
        sendme(got.get(30).tag());
        peer.readable(true);
        got.addAll(client.read());
        assertThat(side.ready()).isTrue();
        // One sample, so average and least are the same and the product is the window: 500 + gamma.
        rig.settle();
        got.addAll(sendAll(source));
        assertThat(got.size() - INCREMENT).isEqualTo(500 + 186);
        source.release();
    }

    @Test
    void theQueueMarksAreTheConsensus() {
        rig.parameters.put("cellq_high", 40);
        rig.parameters.put("cellq_low", 20);
        peer.readable(false);
        ByteBuf source = source(1000 * 498);
        ClientSide side = side();
        int cells = 0;
        while (side.ready()) {
            side.sendData(STREAM, source);
            cells++;
        }
        assertThat(cells).isEqualTo(40);
        source.release();
    }

    @Test
    void wrongAcknowledgementsCloseTheCircuit() throws Malformed {
        assertCloses(() -> sendme(new byte[20]), "SENDME that nothing awaited");
        assertCloses(() -> sendme(exchange(31, 29)), "SENDME with a wrong tag");
        assertCloses(
                () -> {
                    byte[] right = exchange(31, 30);
                    sendme(right);
                    sendme(right);
                },
                "SENDME that nothing awaited");
    }

    /// C tor accepts it; a client could then open the window without reading anything.
    @Test
    void anAcknowledgementWithoutATagClosesTheCircuitUnlessTheConsensusAsksForIt() throws Malformed {
        assertCloses(
                () -> {
                    exchange(31, 30);
                    client.send(RelayCommand.SENDME, 0, new byte[0]);
                },
                "SENDME of a version no longer accepted");
        rig.parameters.put("sendme_emit_min_version", 0);
        exchange(31, 30);
        client.send(RelayCommand.SENDME, 0, new byte[0]);
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
    }

    @Test
    void aStreamSendmeClosesTheCircuitAndOneForNoStreamDoesNot() throws Malformed {
        client.send(RelayCommand.SENDME, STREAM, new byte[0]);
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
        open();
        assertCloses(
                () -> client.send(RelayCommand.SENDME, STREAM, new byte[0]), "stream SENDME under congestion control");
    }

    @Test
    void aStreamMaySendMoreThanAStreamWindowAndIsAskedToStop() {
        Server server = open();
        server.keeps = true;
        List<Integer> signals = new ArrayList<>();
        for (int cell = 0; cell < 2000; cell++) {
            rig.world.advanceMicros(100);
            client.send(RelayCommand.DATA, STREAM, new byte[498]);
            client.read().stream()
                    .filter(message -> message.streamId() == STREAM)
                    .forEach(message -> signals.add(message.command()));
        }
        assertThat(signals).containsExactly(RelayCommand.XOFF);
        assertThat(rig.tallied(Tally.XOFF_SENT)).isEqualTo(1);
        assertThat(rig.tallied(Tally.XON_SENT)).isZero();
        server.drain();
        assertThat(client.read()).singleElement().satisfies(message -> {
            assertThat(message.command()).isEqualTo(RelayCommand.XON);
            // 996,000 bytes in the 196.8 ms since the 32nd cell, when they began to gather.
            assertThat(message.body()).isEqualTo(new XonBody(5060).encode());
        });
        assertThat(rig.tallied(Tally.XOFF_SENT)).isEqualTo(1);
        assertThat(rig.tallied(Tally.XON_SENT)).isEqualTo(1);
    }

    @Test
    void xoffStopsPackagingAndXonResumesIt() {
        Server server = open();
        client.send(RelayCommand.XOFF, STREAM, new byte[] {0});
        client.send(RelayCommand.XOFF, STREAM, new byte[] {0});
        int reads = server.reads;
        server.says(new byte[5000]);
        assertThat(client.read()).isEmpty();
        client.send(RelayCommand.XON, STREAM, new byte[] {1, 0, 0, 0, 0});
        client.send(RelayCommand.XON, STREAM, new byte[] {0, 0, 0, 0});
        assertThat(client.read()).isEmpty();
        assertThat(server.reads).isEqualTo(reads);
        client.send(RelayCommand.XON, STREAM, new byte[] {0, 0, 0, 0, 0});
        assertThat(client.read()).hasSize(11);
        assertThat(server.reads).isEqualTo(reads + 1);
        assertThat(rig.faults.snapshot()).containsEntry("XOFF twice", 1L).containsEntry("XON that cannot be read", 2L);
    }

    private void assertCloses(Runnable rudeness, String countedAs) throws Malformed {
        rudeness.run();
        client.read();
        assertThat(client.destroyed()).isEqualTo(DestroyReason.TORPROTOCOL.code());
        assertThat(rig.faults.snapshot()).containsKey(countedAs);
        client = new TestClient(rig, peer, nextId++);
        client.createV3(NtorV3Client.congestionControl());
    }

    private Server open() {
        List<Server> opened = new ArrayList<>();
        rig.directory = (_, ear) -> {
            opened.add(new Server(ear));
            return opened.getLast();
        };
        client.send(RelayCommand.BEGIN_DIR, STREAM, new byte[0]);
        opened.getFirst().ear.onConnected();
        assertThat(client.read()).extracting(TestClient.Message::command).containsExactly(RelayCommand.CONNECTED);
        return opened.getFirst();
    }

    private byte[] exchange(int cells, int index) {
        ByteBuf source = source(cells);
        ClientSide side = side();
        for (int i = 0; i < cells; i++) {
            side.sendData(STREAM, source.readSlice(1));
        }
        source.release();
        return client.read().get(index).tag();
    }

    private List<TestClient.Message> sendSome(ByteBuf source, int cells) {
        ClientSide side = side();
        for (int i = 0; i < cells; i++) {
            side.sendData(STREAM, source);
        }
        return client.read();
    }

    private List<TestClient.Message> sendAll(ByteBuf source) {
        ClientSide side = side();
        List<TestClient.Message> got = new ArrayList<>();
        while (source.isReadable() && side.ready()) {
            for (int i = 0; i < 50 && source.isReadable() && side.ready(); i++) {
                side.sendData(STREAM, source);
            }
            got.addAll(client.read());
        }
        return got;
    }

    private void sendme(byte[] tag) {
        client.send(RelayCommand.SENDME, 0, new SendmeBody(1, tag).encode());
        rig.settle();
    }

    private ClientSide side() {
        List<RelayCircuit> all = List.copyOf(rig.circuits.all());
        return all.getLast().messages().clientSide();
    }

    private static ByteBuf source(int length) {
        return Unpooled.wrappedBuffer(new byte[length]);
    }

    /// Takes bytes, at once or when told to, and says what it is told to.
    private static final class Server implements FarEnd {
        final Events ear;
        private @Nullable ByteBuf input;
        private int owed;
        boolean keeps;
        int reads;

        Server(Events ear) {
            this.ear = ear;
        }

        void drain() {
            int bytes = owed;
            owed = 0;
            ear.onWritten(bytes);
        }

        void says(byte[] bytes) {
            input = Unpooled.wrappedBuffer(bytes);
            ear.onInput();
        }

        @Override
        public void write(byte[] src, int offset, int length) {
            owed += length;
            if (!keeps) {
                drain();
            }
        }

        @Override
        public int queuedBytes() {
            return owed;
        }

        @Override
        public @Nullable ByteBuf input() {
            return input;
        }

        @Override
        public void inputTaken() {
            if (input != null && !input.isReadable()) {
                input.release();
                input = null;
            }
        }

        @Override
        public void read() {
            reads++;
        }

        @Override
        public void closeAfterFlush() {
            close();
        }

        @Override
        public void close() {
            if (input != null) {
                input.release();
                input = null;
            }
        }
    }
}
