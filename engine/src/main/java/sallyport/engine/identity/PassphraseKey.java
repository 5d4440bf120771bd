package sallyport.engine.identity;

import java.security.MessageDigest;
import java.util.Arrays;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.PasswordHash;
import sallyport.engine.world.Entropy;

/// From a passphrase to keys, as C tor's "s2k" specifiers say it: a type, a salt and how slow.
final class PassphraseKey {
    private static final int RFC2440 = 0;
    private static final int PBKDF2 = 1;
    private static final int SCRYPT = 2;
    private static final int RFC2440_SALT = 8;
    private static final int SALT = 16;
    private static final int LEGACY_LENGTH = RFC2440_SALT + 1;
    // C tor's choice: N = 2^15, r = 2^3, p = 2^1.
    private static final int SCRYPT_LOG_N = 15;
    private static final int SCRYPT_LOG_R_AND_P = 0x31;
    // Ours: a second; C tor's 2^17 dates from 2014.
    private static final int PBKDF2_LOG_ITERATIONS = 20;
    // Ours: eight times the memory of C tor's choice. Who can write the file must not fill the memory.
    private static final long SCRYPT_MEMORY_BYTES_MAX = 256L << 20;
    private static final int SCRYPT_LOG_P_MAX = 4;
    // Ours: minutes. C tor would go to 2^31.
    private static final int PBKDF2_LOG_ITERATIONS_MAX = 26;
    private static final byte[] EXPAND = {'E', 'X', 'P', 'A', 'N', 'D'};

    private PassphraseKey() {}

    /// @param portable for a tor built without libscrypt, which reads PBKDF2 but not scrypt
    static byte[] freshSpecifier(Entropy entropy, boolean portable) {
        if (portable) {
            return new Writer()
                    .u8(PBKDF2)
                    .bytes(entropy.secret(SALT))
                    .u8(PBKDF2_LOG_ITERATIONS)
                    .toBytes();
        }
        return new Writer()
                .u8(SCRYPT)
                .bytes(entropy.secret(SALT))
                .u8(SCRYPT_LOG_N)
                .u8(SCRYPT_LOG_R_AND_P)
                .toBytes();
    }

    /// @throws Malformed for a specifier that nobody writes, or that asks for too much
    static byte[] derive(byte[] specifier, byte[] passphrase, int length) throws Malformed {
        Reader in = new Reader(specifier);
        // Older than the types: salt and count alone.
        int type = specifier.length == LEGACY_LENGTH ? RFC2440 : in.u8();
        byte[] key = switch (type) {
            case RFC2440 -> rfc2440(in.bytes(RFC2440_SALT), in.u8(), passphrase, length);
            case PBKDF2 -> pbkdf2(in.bytes(SALT), in.u8(), passphrase, length);
            case SCRYPT -> scrypt(in.bytes(SALT), in.u8(), in.u8(), passphrase, length);
            default -> throw new Malformed("a key from a passphrase in an unknown way");
        };
        if (in.remaining() != 0) {
            throw new Malformed("a key specifier of another length");
        }
        return key;
    }

    private static byte[] scrypt(byte[] salt, int logN, int logRAndP, byte[] passphrase, int length) throws Malformed {
        int logR = logRAndP >>> 4;
        int logP = logRAndP & 0xf;
        // RFC 7914: 128 * N * r bytes.
        if (logN < 1
                || logP > SCRYPT_LOG_P_MAX
                || 7 + logN + logR >= Long.SIZE - 1
                || (128L << (logN + logR)) > SCRYPT_MEMORY_BYTES_MAX) {
            throw new Malformed("a key specifier that asks for too much");
        }
        return PasswordHash.scrypt(passphrase, salt, 1 << logN, 1 << logR, 1 << logP, length);
    }

    private static byte[] pbkdf2(byte[] salt, int logIterations, byte[] passphrase, int length) throws Malformed {
        if (logIterations > PBKDF2_LOG_ITERATIONS_MAX) {
            throw new Malformed("a key specifier that asks for too much");
        }
        return PasswordHash.pbkdf2Sha1(passphrase, salt, 1 << logIterations, length);
    }

    /// RFC 2440 "Iterated and Salted S2K" with SHA-1; what is longer than a digest is expanded from it as
    /// C tor does.
    private static byte[] rfc2440(byte[] salt, int coded, byte[] passphrase, int length) {
        int left = (16 + (coded & 15)) << ((coded >>> 4) + 6);
        byte[] unit = new Writer().bytes(salt).bytes(passphrase).toBytes();
        MessageDigest sha1 = Hashes.incremental("SHA-1");
        while (left > 0) {
            int take = Math.min(left, unit.length);
            sha1.update(unit, 0, take);
            left -= take;
        }
        byte[] digest = sha1.digest();
        Arrays.fill(unit, (byte) 0);
        return length <= digest.length
                ? Arrays.copyOf(digest, length)
                : Hashes.hkdfSha256(salt, digest, EXPAND, length);
    }
}
