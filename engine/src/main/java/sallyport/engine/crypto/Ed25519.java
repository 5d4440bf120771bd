package sallyport.engine.crypto;

import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.util.Arrays;
import net.i2p.crypto.eddsa.EdDSAEngine;
import net.i2p.crypto.eddsa.EdDSAPrivateKey;
import net.i2p.crypto.eddsa.spec.EdDSANamedCurveTable;
import net.i2p.crypto.eddsa.spec.EdDSAParameterSpec;
import net.i2p.crypto.eddsa.spec.EdDSAPrivateKeySpec;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;

/// Ed25519 (RFC 8032) with expanded secrets, the only form in C tor's key files: clamped scalar[32] | prefix[32].
public final class Ed25519 {
    public static final int PUBLIC_LENGTH = 32;
    public static final int SECRET_LENGTH = 64;
    public static final int SIGNATURE_LENGTH = 64;

    private static final EdDSAParameterSpec CURVE = EdDSANamedCurveTable.getByName(EdDSANamedCurveTable.ED_25519);

    private Ed25519() {}

    /// The expanded secret of a 32-byte seed.
    public static byte[] expand(byte[] seed) {
        byte[] secret = Hashes.sha512(seed);
        secret[0] &= (byte) 0xf8;
        secret[31] &= 0x3f;
        secret[31] |= 0x40;
        return secret;
    }

    /// The public key of a 64-byte expanded secret.
    public static byte[] publicKey(byte[] expanded) {
        return key(expanded).getAbyte();
    }

    /// @return 64 bytes: R | S
    public static byte[] sign(byte[] expanded, byte[] message) {
        try {
            EdDSAEngine engine = new EdDSAEngine(Hashes.incremental("SHA-512"));
            engine.initSign(key(expanded));
            return engine.signOneShot(message);
        } catch (InvalidKeyException | SignatureException e) {
            throw new IllegalStateException("Ed25519", e);
        }
    }

    /// Whether the signature holds; false for any malformed key or signature.
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        return publicKey.length == PUBLIC_LENGTH
                && signature.length == SIGNATURE_LENGTH
                && org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
                        signature, 0, publicKey, 0, message, 0, message.length);
    }

    /// Whether 32 bytes decode to a point that may serve as a key.
    public static boolean isValidPublicKey(byte[] publicKey) {
        PublicPoint point = org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyPartialExport(publicKey, 0);
        return point != null;
    }

    private static EdDSAPrivateKey key(byte[] expanded) {
        if (expanded.length != SECRET_LENGTH) {
            throw new IllegalStateException("expanded secret of another length");
        }
        return new EdDSAPrivateKey(new EdDSAPrivateKeySpec(CURVE, Arrays.copyOf(expanded, SECRET_LENGTH)));
    }
}
