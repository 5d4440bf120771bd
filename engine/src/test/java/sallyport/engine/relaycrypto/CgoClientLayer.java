package sallyport.engine.relaycrypto;

import java.util.Arrays;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCellFormat;
import sallyport.engine.cell.RelayCellV1;

/// What a client holds for one hop of counter galois onion, written from proposal 359 with other code for hash and
/// cipher than [CgoLayer] has.
public final class CgoClientLayer implements ClientLayer {
    private final Direction forward;
    private final Direction backward;

    /// @param keys 160 bytes
    public CgoClientLayer(byte[] keys) {
        forward = new Direction(Arrays.copyOf(keys, 80));
        backward = new Direction(Arrays.copyOfRange(keys, 80, 160));
    }

    @Override
    public RelayCellFormat format() {
        return RelayCellV1.FORMAT;
    }

    @Override
    public void originate(Cell cell) {
        forward.tag = forward.originate(cell);
    }

    @Override
    public void outer(Cell cell) {
        forward.pass(cell);
    }

    @Override
    public boolean backward(Cell cell) {
        return backward.isRecognized(cell);
    }

    @Override
    public byte[] forwardTag() {
        return forward.tag;
    }

    @Override
    public byte[] backwardTag() {
        return backward.tag;
    }

    /// One way. Its state is open to the tests of published vectors.
    static final class Direction {
        byte[] keys;
        byte[] nonce;
        byte[] before = new byte[16];
        byte[] tag = {};

        Direction(byte[] keysAndNonce) {
            keys = Arrays.copyOf(keysAndNonce, 64);
            nonce = Arrays.copyOfRange(keysAndNonce, 64, 80);
        }

        byte[] originate(Cell cell) {
            cell.putBytes(0, nonce, 0, 16);
            pass(cell);
            update();
            return Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.BODY + 16);
        }

        void pass(Cell cell) {
            byte[] left = Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.BODY + 16);
            decrypt(cell);
            before = left;
        }

        boolean isRecognized(Cell cell) {
            pass(cell);
            if (!Arrays.equals(nonce, 0, 16, cell.array(), Cell.BODY, Cell.BODY + 16)) {
                return false;
            }
            tag = before;
            nonce = before.clone();
            update();
            return true;
        }

        private void decrypt(Cell cell) {
            byte[] body = Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.LENGTH);
            cell.putBytes(0, PlainUiv.decrypt(keys, before, cell.command(), body), 0, body.length);
        }

        private void update() {
            byte[] next = PlainUiv.stream(Arrays.copyOfRange(keys, 32, 64), 1, nonce, 80);
            keys = Arrays.copyOf(next, 64);
            nonce = Arrays.copyOfRange(next, 64, 80);
        }
    }
}
