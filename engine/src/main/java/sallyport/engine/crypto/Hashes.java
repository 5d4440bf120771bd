package sallyport.engine.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHAKEDigest;

/// Whole-message digests, SHAKE, HMAC and HKDF (RFC 5869), and the comparison that takes the same time for every input.
public final class Hashes {
    private Hashes() {}

    public static byte[] sha1(byte[]... parts) {
        return digest("SHA-1", parts);
    }

    public static byte[] sha256(byte[]... parts) {
        return digest("SHA-256", parts);
    }

    public static byte[] sha512(byte[]... parts) {
        return digest("SHA-512", parts);
    }

    public static byte[] sha3x256(byte[]... parts) {
        return digest("SHA3-256", parts);
    }

    /// The first `length` bytes of SHAKE256 (FIPS 202), whose output has no end.
    public static byte[] shake256(int length, byte[]... parts) {
        SHAKEDigest shake = new SHAKEDigest(256);
        for (byte[] part : parts) {
            shake.update(part, 0, part.length);
        }
        byte[] out = new byte[length];
        shake.doFinal(out, 0, length);
        return out;
    }

    public static byte[] hmacSha256(byte[] key, byte[]... parts) {
        return hmac("HmacSHA256", key, parts);
    }

    /// HMAC with `HmacSHA256` or `HmacSHA384`.
    public static byte[] hmac(String algorithm, byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            // RFC 2104 fills a short key with zeros, so an empty one is a zero byte; the JDK refuses the empty array.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm, e);
        }
    }

    /// HKDF-SHA256, extract and expand; `length` up to 255 blocks of 32 bytes.
    public static byte[] hkdfSha256(byte[] salt, byte[] inputKey, byte[] info, int length) {
        byte[] prk = hmacSha256(salt, inputKey);
        byte[] out = new byte[length];
        byte[] block = new byte[0];
        int done = 0;
        for (int i = 1; done < length; i++) {
            block = hmacSha256(prk, block, info, new byte[] {(byte) i});
            int take = Math.min(block.length, length - done);
            System.arraycopy(block, 0, out, done, take);
            done += take;
        }
        return out;
    }

    /// Constant-time comparison.
    public static boolean equal(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }

    public static boolean isAllZero(byte[] bytes) {
        int any = 0;
        for (byte b : bytes) {
            any |= b;
        }
        return any == 0;
    }

    /// A fresh digest object for incremental use (`SHA-256`, `SHA-1`, ...).
    public static MessageDigest incremental(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm, e);
        }
    }

    private static byte[] digest(String algorithm, byte[]... parts) {
        MessageDigest digest = incremental(algorithm);
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
