package sallyport.engine.world;

import java.security.interfaces.RSAPrivateCrtKey;
import sallyport.engine.crypto.Rsa;

/// Random numbers. Callable from any thread.
public interface Entropy {
    /// Fills with secret bytes: keys, nonces, challenges.
    void secret(byte[] out, int offset, int length);

    /// `length` secret bytes.
    default byte[] secret(int length) {
        byte[] out = new byte[length];
        secret(out, 0, length);
        return out;
    }

    /// A number in `[0, bound)` for delays and choices that need not be secret. `bound` is positive.
    long jitter(long bound);

    /// Fills with unpredictable bytes cheaply: cell padding. Call on an event loop.
    void padding(byte[] out, int offset, int length);

    /// A fresh RSA key with the exponent 65537: a tenth of a second for 2048 bits.
    default RSAPrivateCrtKey rsaKey(int bits) {
        return Rsa.generate(bits);
    }
}
