package sallyport.engine.relaycrypto;

import java.security.MessageDigest;
import sallyport.engine.cell.Cell;

/// One direction of one hop on the relay's side: the cipher, the nonce that marks messages of this hop,
/// and the tag of the cell before, which each cell depends on.
final class CgoDirection {
    /// Bytes of key material: the cipher's keys, then the nonce.
    static final int KEYS_LENGTH = UivPlus.KEYS_LENGTH + UivPlus.TAG_LENGTH;

    private final UivPlus cipher;
    private final byte[] nonce = new byte[UivPlus.TAG_LENGTH];
    private final byte[] before = new byte[UivPlus.TAG_LENGTH];
    private final byte[] arrived = new byte[UivPlus.TAG_LENGTH];
    private final byte[] tag = new byte[UivPlus.TAG_LENGTH];

    /// @param keys [#KEYS_LENGTH] bytes from `at` on, read now
    /// @param scratch the circuit's
    CgoDirection(byte[] keys, int at, UivPlus.Scratch scratch) {
        cipher = new UivPlus(keys, at, scratch, /* decrypts= */ false);
        System.arraycopy(keys, at + UivPlus.KEYS_LENGTH, nonce, 0, nonce.length);
    }

    /// Of the last cell of this hop; borrowed.
    byte[] tag() {
        return tag;
    }

    /// Adds the layer to a cell of another hop.
    void crypt(Cell cell) {
        cipher.encrypt(before, cell);
        System.arraycopy(cell.array(), Cell.BODY, before, 0, before.length);
    }

    /// Takes a cell that came from the client. True: it is for this hop, its keys are others now, and
    /// [#tag] is what its body began with when it came.
    boolean isRecognized(Cell cell) {
        System.arraycopy(cell.array(), Cell.BODY, arrived, 0, arrived.length);
        crypt(cell);
        if (!MessageDigest.isEqual(before, nonce)) {
            return false;
        }
        System.arraycopy(arrived, 0, tag, 0, tag.length);
        cipher.update(nonce);
        return true;
    }

    /// Seals a message of this hop toward the client; [#tag] is what its body begins with now.
    void seal(Cell cell) {
        System.arraycopy(nonce, 0, cell.array(), Cell.BODY, nonce.length);
        crypt(cell);
        System.arraycopy(before, 0, nonce, 0, nonce.length);
        System.arraycopy(before, 0, tag, 0, tag.length);
        cipher.update(nonce);
    }

    /// The nonce now; shared, for tests.
    byte[] nonce() {
        return nonce;
    }

    /// The tag of the cell before, shared, for tests.
    byte[] before() {
        return before;
    }
}
