package sallyport.engine.relaycrypto;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.RelayCell;
import sallyport.engine.crypto.AesCtr;
import sallyport.engine.crypto.RunningSha1;

/// One direction of one hop: the key stream, the running digest, and the digest of the last message.
final class Tor1Direction {
    static final int SCRATCH_LENGTH = Cell.BODY_LENGTH;

    private static final int DIGEST_AT = Cell.BODY + RelayCell.DIGEST;
    private static final int RECOGNIZED_AT = Cell.BODY + RelayCell.RECOGNIZED;

    private final AesCtr stream;
    private final RunningSha1 digest = new RunningSha1();
    private final byte[] tag = new byte[RunningSha1.LENGTH];
    private final byte[] scratch;
    private final byte[] probe = new byte[RunningSha1.LENGTH];

    /// @param seedAt where the 20 bytes lie that the digest starts with
    /// @param keyAt where the 16 bytes of the cipher's key lie
    /// @param scratch of [#SCRATCH_LENGTH] bytes; others may use it between our calls
    Tor1Direction(byte[] keys, int seedAt, int keyAt, byte[] scratch) {
        this.scratch = scratch;
        digest.update(keys, seedAt, Tor1Layer.DIGEST_SEED_LENGTH);
        stream = new AesCtr(java.util.Arrays.copyOfRange(keys, keyAt, keyAt + Tor1Layer.KEY_LENGTH));
    }

    byte[] tag() {
        return tag;
    }

    void crypt(Cell cell) {
        stream.apply(cell.array(), Cell.BODY, Cell.BODY_LENGTH, scratch);
    }

    /// tor-spec: the digest is computed with its own field zero, over all messages of this hop and direction.
    void seal(Cell cell) {
        byte[] array = cell.array();
        array[RECOGNIZED_AT] = 0;
        array[RECOGNIZED_AT + 1] = 0;
        java.util.Arrays.fill(array, DIGEST_AT, DIGEST_AT + RelayCell.DIGEST_LENGTH, (byte) 0);
        digest.update(array, Cell.BODY, Cell.BODY_LENGTH);
        digest.peek(tag);
        System.arraycopy(tag, 0, array, DIGEST_AT, RelayCell.DIGEST_LENGTH);
    }

    /// Whether a decrypted cell is for this hop. Where it is not, neither cell nor digest have changed.
    boolean isRecognized(Cell cell) {
        byte[] array = cell.array();
        if ((array[RECOGNIZED_AT] | array[RECOGNIZED_AT + 1]) != 0) {
            return false;
        }
        byte d0 = array[DIGEST_AT];
        byte d1 = array[DIGEST_AT + 1];
        byte d2 = array[DIGEST_AT + 2];
        byte d3 = array[DIGEST_AT + 3];
        java.util.Arrays.fill(array, DIGEST_AT, DIGEST_AT + RelayCell.DIGEST_LENGTH, (byte) 0);
        RunningSha1 before = digest.checkpoint();
        digest.update(array, Cell.BODY, Cell.BODY_LENGTH);
        digest.peek(probe);
        // No early exit: how many of the four bytes agree must not show in time.
        boolean same = ((probe[0] ^ d0) | (probe[1] ^ d1) | (probe[2] ^ d2) | (probe[3] ^ d3)) == 0;
        array[DIGEST_AT] = d0;
        array[DIGEST_AT + 1] = d1;
        array[DIGEST_AT + 2] = d2;
        array[DIGEST_AT + 3] = d3;
        if (same) {
            System.arraycopy(probe, 0, tag, 0, tag.length);
        } else {
            digest.restore(before);
        }
        return same;
    }
}
