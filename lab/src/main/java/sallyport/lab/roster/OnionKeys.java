package sallyport.lab.roster;

import java.math.BigInteger;
import sallyport.engine.bytes.Malformed;

/// Onion keys as keys of another kind.
final class OnionKeys {
    private static final int BYTES = 32;
    // The prime of both curves, 2^255 - 19.
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    private OnionKeys() {}

    /// The Ed25519 key on the same point as a Curve25519 key, whose sign the bit tells (proposal 228,
    /// appendix A.3): y = (u - 1) / (u + 1).
    ///
    /// @throws Malformed for the one key that has none
    static byte[] toEd25519(byte[] curve25519, int signBit) throws Malformed {
        byte[] bigEndian = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bigEndian[BYTES - 1 - i] = curve25519[i];
        }
        bigEndian[0] &= 0x7f;
        BigInteger u = new BigInteger(1, bigEndian).mod(P);
        BigInteger denominator = u.add(BigInteger.ONE).mod(P);
        if (denominator.signum() == 0) {
            throw new Malformed("an onion key without a twin");
        }
        BigInteger y =
                u.subtract(BigInteger.ONE).multiply(denominator.modInverse(P)).mod(P);
        byte[] out = new byte[BYTES];
        byte[] bytes = y.toByteArray();
        for (int i = 0; i < bytes.length && i < BYTES; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        out[BYTES - 1] |= (byte) (signBit << 7);
        return out;
    }
}
