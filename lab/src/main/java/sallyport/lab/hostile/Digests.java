package sallyport.lab.hostile;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHAKEDigest;

/// Hash functions as the handshakes use them.
final class Digests {
    private Digests() {}

    static MessageDigest sha1() {
        return of("SHA-1");
    }

    static MessageDigest sha256() {
        return of("SHA-256");
    }

    static byte[] sha256(byte[] data) {
        return sha256().digest(data);
    }

    static byte[] sha3(byte[] data) {
        return of("SHA3-256").digest(data);
    }

    static byte[] shake256(byte[] data, int length) {
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(data, 0, data.length);
        byte[] out = new byte[length];
        shake.doFinal(out, 0, length);
        return out;
    }

    static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The digest of what went in so far; more may go in.
    static byte[] soFar(MessageDigest running) {
        return copy(running).digest();
    }

    static MessageDigest copy(MessageDigest running) {
        try {
            return (MessageDigest) running.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MessageDigest of(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
