package sallyport.engine.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// An AES-CTR key stream that keeps its position: one per direction for the life of a circuit (tor-spec "Routing relay
/// cells").
/// The counter is the whole 16-byte block, starting at the given value (zero for relay cells). One owner; not
/// thread-safe.
public final class AesCtr {
    private final Cipher cipher;

    /// @param key 16 or 32 bytes, copied; the counter starts at zero
    public AesCtr(byte[] key) {
        this(key, new byte[16]);
    }

    public AesCtr(byte[] key, byte[] iv) {
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR", e);
        }
    }

    /// Encrypts or decrypts (the same thing) `length` bytes in place.
    public void apply(byte[] array, int offset, int length) {
        apply(array, offset, length, new byte[length]);
    }

    /// The same without allocating anything: the JDK copies what it would write over.
    ///
    /// @param scratch at least `length` bytes, another array
    public void apply(byte[] array, int offset, int length, byte[] scratch) {
        try {
            int done = cipher.update(array, offset, length, scratch, 0);
            if (done != length) {
                throw new IllegalStateException("AES-CTR held bytes back");
            }
            System.arraycopy(scratch, 0, array, offset, length);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("AES-CTR", e);
        }
    }
}
