package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.exit.FarEnd;
import sallyport.engine.link.FakeLinks;

/// Cells of several circuits and several streams, mixed: whose bytes go where. A far end here answers what it hears.
class CircuitStreamsTest {
    private static final int CIRCUITS = 2;
    private static final int STREAMS = 4;
    // Below the 500 cells that a stream may send unacknowledged, times what an answer may be cut into.
    private static final int ROUNDS = 400;

    private final CircuitRig rig = new CircuitRig(8, true);
    private final List<Echo> opened = new ArrayList<>();

    /// The same circuit id on two links and the same stream ids on both circuits.
    @Test
    void bytesStayWithTheirCircuitAndTheirStream() throws Malformed {
        rig.directory = (_, events) -> {
            Echo echo = new Echo(events);
            opened.add(echo);
            rig.world.afterTurn(rig.world.loop(), events::onConnected);
            return echo;
        };
        List<FakeLinks.Peer> peers = List.of(rig.client(), rig.client());
        List<TestClient> clients = new ArrayList<>();
        for (FakeLinks.Peer peer : peers) {
            TestClient client = new TestClient(rig, peer, 5).create();
            clients.add(client);
            for (int id = 1; id <= STREAMS; id++) {
                client.send(RelayCommand.BEGIN_DIR, id, new byte[0]);
                int stream = id;
                assertThat(client.read()).singleElement().satisfies(message -> {
                    assertThat(message.command()).isEqualTo(RelayCommand.CONNECTED);
                    assertThat(message.streamId()).isEqualTo(stream);
                });
            }
        }
        List<ByteArrayOutputStream> sent = new ArrayList<>();
        opened.forEach(_ -> sent.add(new ByteArrayOutputStream()));

        assertThat(rig.circuits.openStreams()).isEqualTo(CIRCUITS * STREAMS);
        Random random = new Random(21);
        for (int round = 0; round < ROUNDS; round++) {
            int circuit = random.nextInt(CIRCUITS);
            int id = 1 + random.nextInt(STREAMS);
            byte[] bytes = new byte[1 + random.nextInt(RelayCell.DATA_MAX)];
            random.nextBytes(bytes);
            clients.get(circuit).send(RelayCommand.DATA, id, bytes);
            sent.get(circuit * STREAMS + id - 1).writeBytes(bytes);
            assertThat(data(clients.get(circuit).read(), id)).isEqualTo(bytes);
            assertThat(clients.get(1 - circuit).read()).isEmpty();
        }
        for (int i = 0; i < opened.size(); i++) {
            assertThat(opened.get(i).heard.toByteArray()).isEqualTo(sent.get(i).toByteArray());
        }
        rig.end(peers.get(0), peers.get(1));
        assertThat(rig.circuits.openStreams()).isZero();
        assertThat(opened).allMatch(echo -> echo.closed);
    }

    /// The bytes of the DATA cells; every cell must be of that stream, or acknowledge.
    private static byte[] data(List<TestClient.Message> messages, int streamId) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (TestClient.Message message : messages) {
            if (message.command() == RelayCommand.SENDME) {
                assertThat(message.streamId()).isIn(0, streamId);
            } else {
                assertThat(message.command()).isEqualTo(RelayCommand.DATA);
                assertThat(message.streamId()).isEqualTo(streamId);
                bytes.writeBytes(message.body());
            }
        }
        return bytes.toByteArray();
    }

    private static final class Echo implements FarEnd {
        final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private final Events ear;
        private @Nullable ByteBuf answer;
        boolean closed;

        Echo(Events ear) {
            this.ear = ear;
        }

        @Override
        public void write(byte[] src, int offset, int length) {
            heard.write(src, offset, length);
            answer = Unpooled.copiedBuffer(src, offset, length);
            ear.onInput();
        }

        @Override
        public int queuedBytes() {
            return 0;
        }

        @Override
        public @Nullable ByteBuf input() {
            return answer;
        }

        @Override
        public void inputTaken() {
            if (answer != null && !answer.isReadable()) {
                answer.release();
                answer = null;
            }
        }

        @Override
        public void read() {}

        @Override
        public void closeAfterFlush() {
            close();
        }

        @Override
        public void close() {
            closed = true;
            if (answer != null) {
                answer.release();
                answer = null;
            }
        }
    }
}
