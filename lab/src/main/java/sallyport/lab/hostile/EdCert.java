package sallyport.lab.hostile;

import java.time.Duration;
import java.time.Instant;
import sallyport.engine.bytes.Writer;

/// A Tor Ed25519 certificate before it is signed (cert-spec section 2.1).
///
/// @param expires rounded up to whole hours
/// @param keyType what kind of thing is certified: [#KEY_ED25519] or [#KEY_X509]
/// @param key 32 bytes
record EdCert(int type, Instant expires, int keyType, byte[] key) {
    static final int KEY_ED25519 = 1;
    static final int KEY_X509 = 3;

    private static final int EXTENSION_SIGNED_WITH = 4;

    /// A day from now.
    static Instant tomorrow() {
        return Instant.now().plus(Duration.ofDays(1));
    }

    /// A day ago.
    static Instant yesterday() {
        return Instant.now().minus(Duration.ofDays(1));
    }

    /// The expiration field: hours since 1970, rounded up.
    static long hours(Instant expires) {
        return expires.getEpochSecond() / 3_600 + 1;
    }

    /// Signed; the reader has to know by whom.
    byte[] signedBy(EdKey signer) {
        return signed(head().u8(0).toBytes(), signer);
    }

    /// Signed, and naming the key that signed.
    byte[] signedByNamed(EdKey signer) {
        return signed(
                head().u8(1)
                        .u16(32)
                        .u8(EXTENSION_SIGNED_WITH)
                        .u8(0)
                        .bytes(signer.point())
                        .toBytes(),
                signer);
    }

    private Writer head() {
        return new Writer().u8(1).u8(type).u32(hours(expires)).u8(keyType).bytes(key);
    }

    private static byte[] signed(byte[] unsigned, EdKey signer) {
        return new Writer().bytes(unsigned).bytes(signer.sign(unsigned)).toBytes();
    }
}
