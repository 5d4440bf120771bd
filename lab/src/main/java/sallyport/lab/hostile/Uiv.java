package sallyport.lab.hostile;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Writer;

/// UIV+ as proposal 359 writes it down, as far as a client needs it; slow. Polynomials are whole numbers, their lowest
/// coefficient in the lowest bit.
///
/// @param keys [#KEY_BYTES]: AES key and hash key of the left part, then of the right
record Uiv(byte[] keys) {
    static final int KEY_BYTES = 64;
    /// Of the left part of a body; of a tweak, a nonce and a tag.
    static final int TAG_BYTES = 16;

    private static final int KEY_EACH = 16;
    private static final int RIGHT_BYTES = WireCell.BODY_BYTES - TAG_BYTES;
    /// Blocks of key stream that one body takes; those that follow are for new keys.
    private static final int RIGHT_BLOCKS = 31;
    private static final int BLOCK_NUMBER_BITS = 6;
    private static final int DEGREE = 128;
    /// RFC 8452: x^128 + x^127 + x^126 + x^121 + 1.
    private static final BigInteger POLYNOMIAL =
            BigInteger.ONE.setBit(121).setBit(126).setBit(127).setBit(DEGREE);

    /// Takes a relay's layer off, in place.
    void decrypt(byte[] tweak, int linkCommand, byte[] body) {
        byte[] left = Arrays.copyOf(body, TAG_BYTES);
        byte[] right = xor(Arrays.copyOfRange(body, TAG_BYTES, body.length), stream(left, 0, RIGHT_BYTES));
        byte[] mask = polyval(
                key(1), new Writer().bytes(tweak).u8(linkCommand).bytes(right).toBytes());
        byte[] plain = xor(aes("AES/ECB/NoPadding", Cipher.DECRYPT_MODE, key(0), null, xor(left, mask)), mask);
        System.arraycopy(plain, 0, body, 0, TAG_BYTES);
        System.arraycopy(right, 0, body, TAG_BYTES, RIGHT_BYTES);
    }

    /// The keys and the nonce that follow.
    byte[] next(byte[] nonce) {
        return stream(nonce, RIGHT_BLOCKS, KEY_BYTES + TAG_BYTES);
    }

    private byte[] stream(byte[] input, int firstBlock, int length) {
        byte[] counter = polyval(key(3), input);
        int number = counter[TAG_BYTES - 1] & 0xff;
        counter[TAG_BYTES - 1] = (byte) (number >> BLOCK_NUMBER_BITS << BLOCK_NUMBER_BITS | firstBlock);
        return aes("AES/CTR/NoPadding", Cipher.ENCRYPT_MODE, key(2), new IvParameterSpec(counter), new byte[length]);
    }

    private byte[] key(int number) {
        return Arrays.copyOfRange(keys, number * KEY_EACH, (number + 1) * KEY_EACH);
    }

    private static byte[] aes(String kind, int mode, byte[] key, @Nullable IvParameterSpec iv, byte[] data) {
        try {
            Cipher cipher = Cipher.getInstance(kind);
            cipher.init(mode, new SecretKeySpec(key, "AES"), iv);
            return cipher.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Of data that zeros fill up to whole blocks.
    private static byte[] polyval(byte[] key, byte[] data) {
        BigInteger h = number(key);
        BigInteger sum = BigInteger.ZERO;
        for (int at = 0; at < data.length; at += TAG_BYTES) {
            sum = product(sum.xor(number(Arrays.copyOfRange(data, at, at + TAG_BYTES))), h);
        }
        byte[] out = reversed(sum.toByteArray());
        return Arrays.copyOf(out, TAG_BYTES);
    }

    /// RFC 8452: a * b * x^-128. A number that is odd becomes even by adding the polynomial; halving divides by x.
    private static BigInteger product(BigInteger a, BigInteger b) {
        BigInteger product = BigInteger.ZERO;
        for (int bit = 0; bit < DEGREE; bit++) {
            BigInteger sum = a.testBit(bit) ? product.xor(b) : product;
            product = (sum.testBit(0) ? sum.xor(POLYNOMIAL) : sum).shiftRight(1);
        }
        return product;
    }

    private static BigInteger number(byte[] littleEndian) {
        return new BigInteger(1, reversed(littleEndian));
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = bytes[out.length - 1 - i];
        }
        return out;
    }

    private static byte[] xor(byte[] a, byte[] b) {
        byte[] out = a.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] ^= b[i];
        }
        return out;
    }
}
