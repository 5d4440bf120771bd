package sallyport.engine.relaycrypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// UIV+ as proposal 359 writes it down, both ways, without a thought for time: polynomials are whole numbers, and
/// every key is set up anew.
final class PlainUiv {
    private static final BigInteger POLYNOMIAL = BigInteger.ONE
            .shiftLeft(128)
            .or(BigInteger.ONE.shiftLeft(127))
            .or(BigInteger.ONE.shiftLeft(126))
            .or(BigInteger.ONE.shiftLeft(121))
            .or(BigInteger.ONE);

    private PlainUiv() {}

    /// @param keys 64 bytes: J's, then S's
    static byte[] encrypt(byte[] keys, byte[] tweak, int command, byte[] body) {
        byte[] right = Arrays.copyOfRange(body, 16, 509);
        byte[] left = block(true, keys, tweak(tweak, command, right), Arrays.copyOf(body, 16));
        return join(left, xor(right, stream(Arrays.copyOfRange(keys, 32, 64), 0, left, 493)));
    }

    static byte[] decrypt(byte[] keys, byte[] tweak, int command, byte[] body) {
        byte[] left = Arrays.copyOf(body, 16);
        byte[] right = xor(Arrays.copyOfRange(body, 16, 509), stream(Arrays.copyOfRange(keys, 32, 64), 0, left, 493));
        return join(block(false, keys, tweak(tweak, command, right), left), right);
    }

    private static byte[] tweak(byte[] tweak, int command, byte[] right) {
        return join(tweak, join(new byte[] {(byte) command}, right));
    }

    /// The tweakable block cipher ET: `tweak` of 510 bytes.
    static byte[] block(boolean encrypt, byte[] keys, byte[] tweak, byte[] block) {
        byte[] mask = polyval(Arrays.copyOfRange(keys, 16, 32), Arrays.copyOf(tweak, 512));
        try {
            Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, new SecretKeySpec(keys, 0, 16, "AES"));
            return xor(aes.doFinal(xor(block, mask)), mask);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// The function PRF: `length` bytes of the stream number 0 or 1 of an input.
    static byte[] stream(byte[] keys, int number, byte[] input, int length) {
        byte[] counter = polyval(Arrays.copyOfRange(keys, 16, 32), input);
        counter[15] = (byte) ((counter[15] & 0xc0) + 31 * number);
        try {
            Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys, 0, 16, "AES"), new IvParameterSpec(counter));
            return aes.doFinal(new byte[length]);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] polyval(byte[] key, byte[] blocks) {
        BigInteger h = number(key);
        BigInteger sum = BigInteger.ZERO;
        for (int at = 0; at < blocks.length; at += 16) {
            BigInteger factor = sum.xor(number(Arrays.copyOfRange(blocks, at, at + 16)));
            BigInteger product = BigInteger.ZERO;
            for (int bit = 0; bit < 128; bit++) {
                product = factor.testBit(bit) ? product.xor(h) : product;
                product = (product.testBit(0) ? product.xor(POLYNOMIAL) : product).shiftRight(1);
            }
            sum = product;
        }
        byte[] out = new byte[16];
        for (int bit = 0; bit < 128; bit++) {
            out[bit / 8] |= (byte) (sum.testBit(bit) ? 1 << bit % 8 : 0);
        }
        return out;
    }

    private static BigInteger number(byte[] littleEndian) {
        byte[] bytes = new byte[17];
        for (int i = 0; i < 16; i++) {
            bytes[16 - i] = littleEndian[i];
        }
        return new BigInteger(bytes);
    }

    private static byte[] xor(byte[] a, byte[] b) {
        byte[] out = a.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] ^= b[i];
        }
        return out;
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }
}
