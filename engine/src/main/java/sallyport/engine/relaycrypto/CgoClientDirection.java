package sallyport.engine.relaycrypto;

import java.security.MessageDigest;
import sallyport.engine.cell.Cell;

/// One direction of one hop on the client's side: the mirror of [CgoDirection].
final class CgoClientDirection {
    private final UivPlus cipher;
    private final byte[] nonce = new byte[UivPlus.TAG_LENGTH];
    private final byte[] before = new byte[UivPlus.TAG_LENGTH];
    private final byte[] outside = new byte[UivPlus.TAG_LENGTH];
    private final byte[] tag = new byte[UivPlus.TAG_LENGTH];

    /// @param keys [CgoDirection#KEYS_LENGTH] bytes from `at` on, read now
    /// @param scratch the hop's
    CgoClientDirection(byte[] keys, int at, UivPlus.Scratch scratch) {
        cipher = new UivPlus(keys, at, scratch, /* decrypts= */ true);
        System.arraycopy(keys, at + UivPlus.KEYS_LENGTH, nonce, 0, nonce.length);
    }

    /// Of the last message of this hop; borrowed.
    byte[] tag() {
        return tag;
    }

    /// Takes the hop's layer off, in the sense of the relay: going forward, that adds it.
    void crypt(Cell cell) {
        System.arraycopy(cell.array(), Cell.BODY, outside, 0, outside.length);
        cipher.decrypt(before, cell);
        System.arraycopy(outside, 0, before, 0, before.length);
    }

    /// Seals a message for this hop; [#tag] is what its body begins with when the hop gets it.
    void seal(Cell cell) {
        System.arraycopy(nonce, 0, cell.array(), Cell.BODY, nonce.length);
        crypt(cell);
        System.arraycopy(cell.array(), Cell.BODY, tag, 0, tag.length);
        cipher.update(nonce);
    }

    /// Peels a cell; true: this hop sent it, its keys are others now, and [#tag] is what its body began
    /// with.
    boolean isRecognized(Cell cell) {
        crypt(cell);
        if (!MessageDigest.isEqual(nonce, start(cell))) {
            return false;
        }
        System.arraycopy(before, 0, nonce, 0, nonce.length);
        System.arraycopy(before, 0, tag, 0, tag.length);
        cipher.update(nonce);
        return true;
    }

    /// What the body begins with now.
    private byte[] start(Cell cell) {
        System.arraycopy(cell.array(), Cell.BODY, outside, 0, outside.length);
        return outside;
    }
}
