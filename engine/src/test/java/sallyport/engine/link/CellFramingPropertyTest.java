package sallyport.engine.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.crypto.Hashes;

/// However the stream is cut, the same cells come out; whatever the stream is, nothing but a violation does.
final class CellFramingPropertyTest {
    private static final int ROUNDS = 300;
    private static final int[] FIXED = {0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 100, 127};
    private static final int[] KEPT = {
        CellCommand.VERSIONS, CellCommand.CERTS, CellCommand.AUTH_CHALLENGE, CellCommand.AUTHENTICATE
    };
    private static final int[] PASSED = {CellCommand.VPADDING, CellCommand.AUTHORIZE, 133, 255};

    private final CellPool pool = new CellPool();

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void anyFragmentationGivesTheSameCells(int idBytes) throws Exception {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            boolean handshaking = random.nextBoolean();
            ByteBuf stream = Unpooled.buffer();
            ByteBuf hashed = Unpooled.buffer();
            List<String> expected = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                writeCell(random, idBytes, handshaking, stream, hashed, expected);
            }

            Collector all = new Collector();
            CellFraming framing = new CellFraming(pool, all);
            framing.circuitIdBytes(idBytes);
            var transcript = Hashes.incremental("SHA-256");
            framing.transcript(transcript);
            if (!handshaking) {
                framing.handshakeOver();
            }
            while (stream.isReadable()) {
                int take = random.nextBoolean()
                        ? 1 + random.nextInt(stream.readableBytes())
                        : Math.min(stream.readableBytes(), 1 + random.nextInt(20));
                ByteBuf part = stream.readSlice(take);
                framing.read(part);
                assertThat(part.isReadable()).isFalse();
            }

            assertThat(all.seen).as("seed " + seed).isEqualTo(expected);
            if (handshaking) {
                assertThat(transcript.digest()).as("seed " + seed).isEqualTo(Hashes.sha256(array(hashed)));
            }
            framing.close();
            assertThat(pool.outstanding()).as("seed " + seed).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anyBytesGiveCellsOrAViolation(boolean handshaking) {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(30_000)];
            random.nextBytes(bytes);
            CellFraming framing = new CellFraming(pool, new Collector());
            framing.circuitIdBytes(random.nextBoolean() ? 2 : 4);
            if (!handshaking) {
                framing.handshakeOver();
            }
            try {
                framing.read(Unpooled.wrappedBuffer(bytes));
            } catch (ProtocolViolation e) {
                assertThat(e.scope()).isEqualTo(ProtocolViolation.Scope.LINK);
            }
            framing.close();
            assertThat(pool.outstanding()).as("seed " + seed).isZero();
        }
    }

    /// VERSIONS may come again at any time; the others would let a peer become somebody else.
    @Test
    void cellsOfTheHandshakeAreRefusedBehindIt() throws Exception {
        for (int command : KEPT) {
            CellFraming framing = new CellFraming(pool, new Collector());
            framing.circuitIdBytes(4);
            framing.handshakeOver();
            ByteBuf late = writeHeader(Unpooled.buffer(), 4, 0, command).writeShort(0);
            if (command == CellCommand.VERSIONS) {
                framing.read(late);
            } else {
                assertThatThrownBy(() -> framing.read(late)).isInstanceOf(ProtocolViolation.class);
            }
        }
    }

    private static void writeCell(
            Random random, int idBytes, boolean handshaking, ByteBuf out, ByteBuf hashed, List<String> expected) {
        int id = idBytes == 2 ? random.nextInt(1 << 16) : random.nextInt();
        int kind = random.nextInt(3);
        if (kind == 0) {
            byte[] body = new byte[Cell.BODY_LENGTH];
            random.nextBytes(body);
            int command = FIXED[random.nextInt(FIXED.length)];
            writeHeader(out, idBytes, id, command).writeBytes(body);
            expected.add(describe(id, command, body));
            return;
        }
        boolean isKept = kind == 1 && handshaking;
        int command = isKept ? KEPT[random.nextInt(KEPT.length - 1)] : PASSED[random.nextInt(PASSED.length)];
        byte[] body = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(1000)];
        random.nextBytes(body);
        int start = out.writerIndex();
        writeHeader(out, idBytes, id, command).writeShort(body.length).writeBytes(body);
        hashed.writeBytes(out, start, out.writerIndex() - start);
        if (handshaking) {
            expected.add(describe(id, command, isKept ? body : new byte[0]));
        }
    }

    private static ByteBuf writeHeader(ByteBuf out, int idBytes, int id, int command) {
        return (idBytes == 2 ? out.writeShort(id) : out.writeInt(id)).writeByte(command);
    }

    private static String describe(int id, int command, byte[] body) {
        return id + " " + command + " " + HexFormat.of().formatHex(body);
    }

    private static byte[] array(ByteBuf buf) {
        byte[] bytes = new byte[buf.readableBytes()];
        buf.getBytes(0, bytes);
        return bytes;
    }

    private static final class Collector implements CellFraming.Sink {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void onFixed(Cell cell) {
            byte[] body = java.util.Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.LENGTH);
            seen.add(describe(cell.circuitId(), cell.command(), body));
            cell.release();
        }

        @Override
        public void onVariable(int circuitId, int command, byte[] body) {
            seen.add(describe(circuitId, command, body));
        }

        @Override
        public boolean isOpenForCells() {
            return true;
        }
    }
}
