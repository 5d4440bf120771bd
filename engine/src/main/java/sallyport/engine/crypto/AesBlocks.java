package sallyport.engine.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// AES-128 of whole blocks, each by itself: what modes of our own are made of. Encryption only. One owner; not
/// thread-safe.
public final class AesBlocks {
    /// Bytes of a key and of a block.
    public static final int BLOCK_LENGTH = 16;

    private final Cipher cipher;

    /// Without a key: call [#key] first.
    public AesBlocks() {
        try {
            cipher = Cipher.getInstance("AES/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES", e);
        }
    }

    /// Changes the key. 16 bytes from `offset` on, read now.
    public void key(byte[] array, int offset) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(array, offset, BLOCK_LENGTH, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES", e);
        }
    }

    /// Encrypts `count` blocks from the start of one array to the start of another; the JDK would copy them if it were
    /// the same.
    public void encrypt(byte[] from, byte[] to, int count) {
        try {
            int length = count * BLOCK_LENGTH;
            if (cipher.update(from, 0, length, to, 0) != length) {
                throw new IllegalStateException("AES held bytes back");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES", e);
        }
    }
}
