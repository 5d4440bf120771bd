package sallyport.lab.hostile;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import net.i2p.crypto.eddsa.EdDSAEngine;
import net.i2p.crypto.eddsa.EdDSAPrivateKey;
import net.i2p.crypto.eddsa.EdDSAPublicKey;
import net.i2p.crypto.eddsa.spec.EdDSANamedCurveSpec;
import net.i2p.crypto.eddsa.spec.EdDSANamedCurveTable;
import net.i2p.crypto.eddsa.spec.EdDSAPrivateKeySpec;
import net.i2p.crypto.eddsa.spec.EdDSAPublicKeySpec;

/// An Ed25519 key that signs.
final class EdKey {
    private static final EdDSANamedCurveSpec CURVE = EdDSANamedCurveTable.ED_25519_CURVE_SPEC;

    private final EdDSAPrivateKey key;

    private EdKey(EdDSAPrivateKeySpec spec) {
        this.key = new EdDSAPrivateKey(spec);
    }

    static EdKey fresh() {
        byte[] seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        return new EdKey(new EdDSAPrivateKeySpec(seed, CURVE));
    }

    /// @param expanded scalar and prefix, 64 bytes, as C tor keeps them
    static EdKey ofExpanded(byte[] expanded) {
        return new EdKey(new EdDSAPrivateKeySpec(CURVE, expanded));
    }

    byte[] point() {
        return key.getAbyte();
    }

    byte[] sign(byte[] data) {
        try {
            EdDSAEngine engine = new EdDSAEngine(MessageDigest.getInstance("SHA-512"));
            engine.initSign(key);
            return engine.signOneShot(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean verifies(byte[] point, byte[] data, byte[] signature) {
        try {
            EdDSAEngine engine = new EdDSAEngine(MessageDigest.getInstance("SHA-512"));
            engine.initVerify(new EdDSAPublicKey(new EdDSAPublicKeySpec(point, CURVE)));
            return engine.verifyOneShot(data, signature);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
