package sallyport.engine.relaycrypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.RelayCellV1;
import sallyport.engine.cell.RelayCommand;

/// Three hops of [CgoLayer] against the independent client: every message changes keys, so that a single wrong bit of
/// state ends a circuit.
class CgoLayerTest {
    private final CellPool pool = new CellPool();
    private final Cell cell = pool.acquire();
    private final Random random = new Random(31);
    private List<CgoClientLayer> client = List.of();
    private List<CgoLayer> relays = List.of();

    @AfterEach
    void noCellIsLeft() {
        cell.release();
        assertThat(pool.outstanding()).isZero();
    }

    /// Both directions mixed, messages to and from all hops, both link commands.
    @Test
    void everyMessageIsRecognizedWhereItBelongsAndOnlyThere() {
        circuit();
        for (int i = 0; i < 300; i++) {
            int hop = random.nextInt(3);
            fresh();
            byte[] message = message();
            if (random.nextBoolean()) {
                seal(hop);
                byte[] sealed = client.get(hop).forwardTag();
                for (int at = 0; at <= hop; at++) {
                    assertThat(relays.get(at).forward(cell)).isEqualTo(at == hop);
                }
                assertThat(relays.get(hop).forwardTag()).isEqualTo(sealed);
            } else {
                cell.command(CellCommand.RELAY);
                relays.get(hop).originate(cell);
                byte[] tag = relays.get(hop).backwardTag().clone();
                assertThat(tag).isEqualTo(Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.BODY + 16));
                for (int at = hop - 1; at >= 0; at--) {
                    relays.get(at).backward(cell);
                }
                for (int at = 0; at <= hop; at++) {
                    assertThat(client.get(at).backward(cell)).isEqualTo(at == hop);
                }
                assertThat(client.get(hop).backwardTag()).isEqualTo(tag);
            }
            assertThat(message()).isEqualTo(message);
        }
    }

    /// What tor1 allows a guard that works with an exit: to mark a cell by a bit and find it again. Here the whole
    /// cell turns to noise, and all that follow it.
    @Test
    void aFlippedBitSpoilsThatCellAndAllLaterOnes() {
        for (int i = 0; i < 60; i++) {
            circuit();
            fresh();
            seal(2);
            int at = random.nextInt(Cell.BODY_LENGTH);
            boolean onTheWayToTheMiddle = random.nextBoolean();
            if (onTheWayToTheMiddle) {
                assertThat(relays.getFirst().forward(cell)).isFalse();
            }
            cell.put8(at, cell.u8(at) ^ 1 << random.nextInt(8));
            for (CgoLayer relay : relays.subList(onTheWayToTheMiddle ? 1 : 0, 3)) {
                assertThat(relay.forward(cell)).isFalse();
            }
            fresh();
            seal(2);
            for (CgoLayer relay : relays) {
                assertThat(relay.forward(cell)).isFalse();
            }
        }
    }

    /// The link's command is bound to the cell: RELAY may not become RELAY_EARLY on the way.
    @Test
    void anotherLinkCommandSpoilsTheCell() {
        circuit();
        fresh();
        cell.command(CellCommand.RELAY);
        client.getFirst().originate(cell);
        cell.command(CellCommand.RELAY_EARLY);
        assertThat(relays.getFirst().forward(cell)).isFalse();
    }

    @Test
    void aRepeatedCellIsNotRecognizedAgain() {
        circuit();
        fresh();
        seal(0);
        byte[] sealed = Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.LENGTH);
        assertThat(relays.getFirst().forward(cell)).isTrue();
        cell.putBytes(0, sealed, 0, sealed.length);
        assertThat(relays.getFirst().forward(cell)).isFalse();
    }

    private void circuit() {
        List<byte[]> keys =
                Stream.generate(() -> bytes(CgoLayer.KEYS_LENGTH)).limit(3).toList();
        client = keys.stream().map(CgoClientLayer::new).toList();
        relays = keys.stream().map(CgoLayer::new).toList();
    }

    private void seal(int hop) {
        cell.command(random.nextBoolean() ? CellCommand.RELAY : CellCommand.RELAY_EARLY);
        client.get(hop).originate(cell);
        for (int at = hop - 1; at >= 0; at--) {
            client.get(at).outer(cell);
        }
    }

    private void fresh() {
        cell.putBytes(0, bytes(Cell.BODY_LENGTH), 0, Cell.BODY_LENGTH);
        RelayCellV1.FORMAT.header(cell, RelayCommand.DATA, 7, RelayCellV1.FORMAT.dataMax(RelayCommand.DATA));
    }

    private byte[] message() {
        return Arrays.copyOfRange(cell.array(), Cell.BODY + CgoLayer.TAG_LENGTH, Cell.LENGTH);
    }

    private byte[] bytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }
}
