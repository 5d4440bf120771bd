package sallyport.engine.identity;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.AesCtr;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.world.Entropy;

/// C tor's box around a secret ("pwbox"): `TORBOX00 | length u8 | specifier | iv[16] | ciphertext |
/// HMAC-SHA256[32]`. The plaintext is a length of four bytes, the secret, and zeros to a multiple of 128.
final class PassphraseBox {
    private static final byte[] MAGIC = "TORBOX00".getBytes(StandardCharsets.US_ASCII);
    private static final int IV_LENGTH = 16;
    private static final int AES_LENGTH = 16;
    private static final int HMAC_LENGTH = 32;
    private static final int BLOCK = 128;

    private PassphraseBox() {}

    /// @param portable see [PassphraseKey#freshSpecifier]
    static byte[] seal(byte[] secret, byte[] passphrase, boolean portable, Entropy entropy) {
        byte[] specifier = PassphraseKey.freshSpecifier(entropy, portable);
        byte[] iv = entropy.secret(IV_LENGTH);
        byte[] keys = keys(specifier, passphrase);
        byte[] padded = Arrays.copyOf(
                new Writer().u32(secret.length).bytes(secret).toBytes(),
                Math.ceilDiv(secret.length + Integer.BYTES, BLOCK) * BLOCK);
        new AesCtr(Arrays.copyOf(keys, AES_LENGTH), iv).apply(padded, 0, padded.length);
        byte[] body = new Writer()
                .bytes(MAGIC)
                .u8(specifier.length)
                .bytes(specifier)
                .bytes(iv)
                .bytes(padded)
                .toBytes();
        byte[] mac = Hashes.hmacSha256(macKey(keys), body);
        Arrays.fill(keys, (byte) 0);
        return new Writer().bytes(body).bytes(mac).toBytes();
    }

    /// Empty when the passphrase is wrong, which looks the same as a box that was changed.
    /// @throws Malformed when it is no such box
    static Optional<byte[]> open(byte[] box, byte[] passphrase) throws Malformed {
        Reader in = new Reader(box);
        if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
            throw new Malformed("does not hold a box of C tor's");
        }
        byte[] specifier = in.bytes(in.u8());
        byte[] iv = in.bytes(IV_LENGTH);
        if (in.remaining() < HMAC_LENGTH + Integer.BYTES) {
            throw new Malformed("is too short");
        }
        byte[] padded = in.bytes(in.remaining() - HMAC_LENGTH);
        byte[] mac = in.bytes(HMAC_LENGTH);
        byte[] keys = PassphraseKey.derive(specifier, passphrase, AES_LENGTH + HMAC_LENGTH);
        try {
            byte[] expected = Hashes.hmacSha256(macKey(keys), Arrays.copyOf(box, box.length - HMAC_LENGTH));
            if (!Hashes.equal(expected, mac)) {
                return Optional.empty();
            }
            new AesCtr(Arrays.copyOf(keys, AES_LENGTH), iv).apply(padded, 0, padded.length);
            Reader plain = new Reader(padded);
            long length = plain.u32();
            if (length > plain.remaining()) {
                throw new Malformed("holds less than it says");
            }
            return Optional.of(plain.bytes((int) length));
        } finally {
            Arrays.fill(keys, (byte) 0);
            Arrays.fill(padded, (byte) 0);
        }
    }

    private static byte[] keys(byte[] specifier, byte[] passphrase) {
        try {
            return PassphraseKey.derive(specifier, passphrase, AES_LENGTH + HMAC_LENGTH);
        } catch (Malformed e) {
            throw new IllegalStateException("our own specifier", e);
        }
    }

    private static byte[] macKey(byte[] keys) {
        return Arrays.copyOfRange(keys, AES_LENGTH, AES_LENGTH + HMAC_LENGTH);
    }
}
