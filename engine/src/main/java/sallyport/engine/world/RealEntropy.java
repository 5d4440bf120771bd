package sallyport.engine.world;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Randomness of the operating system; padding from an AES-CTR stream per thread that is seeded by it.
final class RealEntropy implements Entropy {
    private final SecureRandom system = system();
    private final ThreadLocal<Cipher> streams = ThreadLocal.withInitial(this::stream);

    @Override
    public void secret(byte[] out, int offset, int length) {
        byte[] bytes = new byte[length];
        system.nextBytes(bytes);
        System.arraycopy(bytes, 0, out, offset, length);
    }

    @Override
    public long jitter(long bound) {
        return ThreadLocalRandom.current().nextLong(bound);
    }

    @Override
    public void padding(byte[] out, int offset, int length) {
        try {
            // Whatever lies there, xored with the key stream, is unpredictable to everyone who lacks the key.
            streams.get().update(out, offset, length, out, offset);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException("padding stream", e);
        }
    }

    private Cipher stream() {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(secret(16), "AES"), new IvParameterSpec(secret(16)));
            return cipher;
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException("padding stream", e);
        }
    }

    private static SecureRandom system() {
        try {
            return SecureRandom.getInstance("NativePRNGNonBlocking");
        } catch (NoSuchAlgorithmException e) {
            return new SecureRandom();
        }
    }
}
