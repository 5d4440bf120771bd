package sallyport.engine.crypto;

import org.bouncycastle.math.ec.rfc7748.X25519;

/// X25519 (RFC 7748): 32-byte little-endian keys, constant time.
public final class Curve25519 {
    public static final int LENGTH = 32;

    private Curve25519() {}

    /// A secret from 32 random bytes: clamped, as it stands in C tor's files.
    public static byte[] clamp(byte[] random) {
        byte[] secret = random.clone();
        secret[0] &= (byte) 0xf8;
        secret[31] &= 0x7f;
        secret[31] |= 0x40;
        return secret;
    }

    public static byte[] publicKey(byte[] secret) {
        byte[] out = new byte[LENGTH];
        X25519.scalarMultBase(secret, 0, out, 0);
        return out;
    }

    /// The shared point; all zeros when the peer's point is of small order, which the caller must refuse
    /// ([Hashes#isAllZero]) after all of its computing, so that time tells nothing.
    public static byte[] shared(byte[] secret, byte[] peer) {
        byte[] out = new byte[LENGTH];
        X25519.scalarMult(secret, 0, peer, 0, out, 0);
        return out;
    }
}
