package sallyport.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.cell.SendmeBody;
import sallyport.engine.link.FakeLinks;
import sallyport.engine.onionskin.NtorV3Client;

/// A circuit whose client asked for counter galois onion, cell by cell: other limits of messages, other tags, and no
/// mercy for a changed bit.
class CounterGaloisCircuitTest {
    private static final int INCREMENT = 31;
    private static final int TAG_LENGTH = 16;
    private static final int STREAM = 12;
    private static final int DATA_MAX = 488;

    private final CircuitRig rig = new CircuitRig(6, true);
    private final FakeLinks.Peer peer = rig.client();
    private TestClient client = new TestClient(rig, peer, 5);
    private int nextId = 6;

    @BeforeEach
    void create() throws Malformed {
        assertThat(client.createV3(NtorV3Client.counterGalois())).isEqualTo(INCREMENT);
    }

    @AfterEach
    void nothingIsLeft() {
        rig.end(peer);
    }

    @Test
    void messagesPassBothWaysInCellsOfEitherCommand() {
        for (int i = 0; i < 6; i++) {
            client.send(
                    0,
                    i % 2 == 0 ? CellCommand.RELAY : CellCommand.RELAY_EARLY,
                    RelayCommand.TRUNCATE,
                    0,
                    new byte[0],
                    0);
            assertThat(client.read()).extracting(TestClient.Message::command).containsExactly(RelayCommand.TRUNCATED);
        }
    }

    @Test
    void sendmesShowTagsOfSixteenBytes() {
        for (int i = 1; i <= 3 * INCREMENT; i++) {
            client.send(RelayCommand.DATA, 1 + i % 3, new byte[DATA_MAX]);
            byte[] tag = client.lastTag();
            assertThat(tag).hasSize(TAG_LENGTH);
            List<TestClient.Message> answers = client.read();
            assertThat(answers).hasSize(i % INCREMENT == 0 ? 1 : 0);
            for (TestClient.Message answer : answers) {
                assertThat(answer.command()).isEqualTo(RelayCommand.SENDME);
                assertThat(answer.body()).isEqualTo(new SendmeBody(1, tag).encode());
            }
        }
    }

    /// Some cells are 20 bytes shorter, so that their tags cannot be foreseen.
    @Test
    void dataFillsTheShorterCellsAndItsTagsOpenTheWindow() {
        byte[] content = new byte[900 * DATA_MAX];
        new Random(41).nextBytes(content);
        ByteBuf source = Unpooled.wrappedBuffer(content);
        List<TestClient.Message> got = new ArrayList<>(sendAll(source));
        assertThat(got).hasSize(124);
        for (int last = INCREMENT - 1; source.isReadable(); last += INCREMENT) {
            rig.world.advance(1);
            sendme(got.get(last).tag());
            got.addAll(sendAll(source));
        }
        assertThat(got.subList(0, got.size() - 1))
                .allSatisfy(message -> assertThat(message.body().length).isIn(DATA_MAX, DATA_MAX - 20));
        ByteBuf whole = Unpooled.buffer(content.length);
        got.forEach(message -> whole.writeBytes(message.body()));
        assertThat(Arrays.copyOf(whole.array(), whole.readableBytes())).isEqualTo(content);
        assertThat(client.destroyed()).isEqualTo(TestClient.NOT_DESTROYED);
    }

    @Test
    void aTagOfTheWrongLengthClosesTheCircuit() throws Malformed {
        for (int length : new int[] {0, 15, 17, 20}) {
            byte[] right = sendAll(Unpooled.wrappedBuffer(new byte[40 * DATA_MAX]))
                    .get(INCREMENT - 1)
                    .tag();
            sendme(Arrays.copyOf(right, length));
            assertClosedAndOpenAnother("SENDME with a wrong tag");
        }
    }

    @Test
    void aTagWithOneWrongBitClosesTheCircuit() throws Malformed {
        for (int at = 0; at < TAG_LENGTH; at += 5) {
            byte[] tag = sendAll(Unpooled.wrappedBuffer(new byte[40 * DATA_MAX]))
                    .get(INCREMENT - 1)
                    .tag();
            tag[at] ^= 1;
            sendme(tag);
            assertClosedAndOpenAnother("SENDME with a wrong tag");
        }
    }

    @Test
    void aChangedBitAnywhereClosesTheCircuit() throws Malformed {
        for (int at = 0; at < Cell.BODY_LENGTH; at += 36) {
            client.spoilNext(at);
            client.send(RelayCommand.DROP, 0, new byte[0]);
            assertClosedAndOpenAnother("unrecognized RELAY at the end of the circuit");
        }
    }

    @Test
    void whatTheFormatDoesNotKnowClosesTheCircuit() throws Malformed {
        client.send(99, 0, new byte[0]);
        assertClosedAndOpenAnother("RELAY that cannot be read");
        client.send(0, CellCommand.RELAY, RelayCommand.DROP, 0, new byte[0], 491);
        assertClosedAndOpenAnother("RELAY that cannot be read");
        client.send(0, CellCommand.RELAY, RelayCommand.DATA, STREAM, new byte[0], 489);
        assertClosedAndOpenAnother("RELAY that cannot be read");
    }

    private void assertClosedAndOpenAnother(String countedAs) throws Malformed {
        client.read();
        assertThat(client.destroyed()).isEqualTo(DestroyReason.TORPROTOCOL.code());
        assertThat(rig.faults.snapshot()).containsKey(countedAs);
        client = new TestClient(rig, peer, nextId++);
        client.createV3(NtorV3Client.counterGalois());
    }

    private List<TestClient.Message> sendAll(ByteBuf source) {
        ClientSide side = List.copyOf(rig.circuits.all()).getLast().messages().clientSide();
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
}
