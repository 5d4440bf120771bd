package sallyport.lab.hostile;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;

/// A fresh Curve25519 key pair (RFC 7748).
final class X25519Key {
    private final byte[] secret = new byte[32];
    private final byte[] point = new byte[32];

    X25519Key() {
        this(new SecureRandom());
    }

    private X25519Key(SecureRandom random) {
        X25519.generatePrivateKey(random, secret);
        X25519.scalarMultBase(secret, 0, point, 0);
    }

    byte[] point() {
        return point.clone();
    }

    byte[] times(byte[] other) {
        byte[] out = new byte[32];
        X25519.scalarMult(secret, 0, other, 0, out, 0);
        return out;
    }
}
