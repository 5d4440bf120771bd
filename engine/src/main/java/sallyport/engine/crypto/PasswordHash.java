package sallyport.engine.crypto;

import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;

/// Slow on purpose: keys from passphrases. Takes up to a second and much memory; never on a loop.
public final class PasswordHash {
    private PasswordHash() {}

    /// scrypt (RFC 7914).
    /// @param n cost, a power of two above 1
    /// @param r block size
    /// @param p how often, one after the other
    public static byte[] scrypt(byte[] passphrase, byte[] salt, int n, int r, int p, int length) {
        return SCrypt.generate(passphrase, salt, n, r, p, length);
    }

    /// PBKDF2 (RFC 8018) with HMAC-SHA1.
    public static byte[] pbkdf2Sha1(byte[] passphrase, byte[] salt, int iterations, int length) {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA1Digest());
        generator.init(passphrase, salt, iterations);
        return ((KeyParameter) generator.generateDerivedMacParameters(length * Byte.SIZE)).getKey();
    }
}
