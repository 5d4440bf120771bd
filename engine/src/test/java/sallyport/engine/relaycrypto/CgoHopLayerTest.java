package sallyport.engine.relaycrypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.RelayCommand;

/// The client's half of counter galois onion beside the one that the tests wrote from the proposal, and
/// against the relay's: one bit of difference and nothing after it is recognized by anybody.
class CgoHopLayerTest {
    private static final int HOPS = 3;

    private final Random random = new Random(3);
    private final CellPool pool = new CellPool();
    private final byte[][] keys = new byte[HOPS][CgoLayer.KEYS_LENGTH];
    private final ClientLayer[] ours = new ClientLayer[HOPS];
    private final ClientLayer[] oracle = new ClientLayer[HOPS];
    private final CgoLayer[] relays = new CgoLayer[HOPS];

    CgoHopLayerTest() {
        for (int i = 0; i < HOPS; i++) {
            random.nextBytes(keys[i]);
            ours[i] = ClientLayer.of(keys[i], true);
            oracle[i] = new CgoClientLayer(keys[i]);
            relays[i] = new CgoLayer(keys[i]);
        }
    }

    @Test
    void messagesForEveryHopArriveAndAnswersOfEveryHopAreRecognized() {
        for (int i = 0; i < 300; i++) {
            if (random.nextBoolean()) {
                forward(random.nextInt(HOPS));
            } else {
                backward(random.nextInt(HOPS));
            }
        }
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void aChangedCellIsRecognizedByNobodyAndNothingAfterItIs() {
        Cell cell = message();
        relays[0].originate(cell);
        cell.array()[Cell.BODY + 200] ^= 1;
        assertThat(ours[0].backward(cell)).isFalse();
        cell.release();
        Cell next = message();
        relays[0].originate(next);
        assertThat(ours[0].backward(next)).isFalse();
        next.release();
    }

    private void forward(int hop) {
        Cell cell = message();
        Cell same = copy(cell);
        byte[] plain = body(cell);
        send(ours, cell, hop);
        send(oracle, same, hop);
        assertThat(cell.array()).isEqualTo(same.array());
        assertThat(ours[hop].forwardTag()).isEqualTo(oracle[hop].forwardTag());
        for (int i = 0; i <= hop; i++) {
            assertThat(relays[i].forward(cell)).isEqualTo(i == hop);
        }
        assertThat(ours[hop].forwardTag()).isEqualTo(relays[hop].forwardTag());
        assertThat(body(cell)).isEqualTo(plain);
        cell.release();
        same.release();
    }

    private static void send(ClientLayer[] layers, Cell cell, int hop) {
        layers[hop].originate(cell);
        for (int i = hop - 1; i >= 0; i--) {
            layers[i].outer(cell);
        }
    }

    private void backward(int hop) {
        Cell cell = message();
        byte[] plain = body(cell);
        relays[hop].originate(cell);
        for (int i = hop - 1; i >= 0; i--) {
            relays[i].backward(cell);
        }
        Cell same = copy(cell);
        for (int i = 0; i <= hop; i++) {
            assertThat(ours[i].backward(cell)).isEqualTo(i == hop);
            assertThat(oracle[i].backward(same)).isEqualTo(i == hop);
        }
        assertThat(ours[hop].backwardTag()).isEqualTo(relays[hop].backwardTag());
        assertThat(body(cell)).isEqualTo(plain);
        cell.release();
        same.release();
    }

    /// What lies behind the tag.
    private static byte[] body(Cell cell) {
        return Arrays.copyOfRange(cell.array(), Cell.BODY + CgoLayer.TAG_LENGTH, Cell.LENGTH);
    }

    private Cell message() {
        Cell cell = pool.acquire();
        random.nextBytes(cell.array());
        cell.command(random.nextInt(5) == 0 ? CellCommand.RELAY_EARLY : CellCommand.RELAY);
        ours[0].format().header(cell, RelayCommand.DATA, 7, 100);
        return cell;
    }

    private Cell copy(Cell of) {
        Cell copy = pool.acquire();
        System.arraycopy(of.array(), 0, copy.array(), 0, Cell.LENGTH);
        return copy;
    }
}
