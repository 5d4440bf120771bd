package sallyport.engine.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// AES-128 of whole blocks, each by itself: what modes of our own are made of. One owner; not thread-safe.
public final class AesBlocks {
    /// Bytes of a key and of a block.
    public static final int BLOCK_LENGTH = 16;

    private final Cipher cipher;
    private final int mode;

    /// Encrypts. Without a key: call [#key] first.
    public AesBlocks() {
        this(Cipher.ENCRYPT_MODE);
    }

    /// One that decrypts.
    public static AesBlocks decrypting() {
        return new AesBlocks(Cipher.DECRYPT_MODE);
    }

    private AesBlocks(int mode) {
        this.mode = mode;
        try {
            cipher = Cipher.getInstance("AES/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES", e);
        }
    }

    /// Changes the key. 16 bytes from `offset` on, read now.
    public void key(byte[] array, int offset) {
        try {
            cipher.init(mode, new SecretKeySpec(array, offset, BLOCK_LENGTH, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES", e);
        }
    }

    /// Encrypts, or decrypts, `count` blocks from the start of one array to the start of another; the JDK
    /// would copy them if it were the same.
    public void apply(byte[] from, byte[] to, int count) {
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
