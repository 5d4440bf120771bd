package sallyport.engine.cert;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Ed25519;

/// An Ed25519 certificate (cert-spec "Ed25519 certificates"). Decoding is not trusting: [#verify] is.
/// @param certType what it certifies: one of the constants here
/// @param expiresHours hours since 1970
/// @param keyType the kind of `certifiedKey`: [#KEY_ED25519] or a digest
/// @param certifiedKey 32 bytes
/// @param signingKey the signer's key where the certificate carries it
/// @param encoded the whole certificate
public record EdCert(
        int certType,
        long expiresHours,
        int keyType,
        byte[] certifiedKey,
        byte @Nullable [] signingKey,
        byte[] encoded) {
    public static final int IDENTITY_SIGNING = 0x04;
    public static final int SIGNING_LINK = 0x05;
    public static final int SIGNING_AUTH = 0x06;
    public static final int ONION_DESCRIPTOR_SIGNING = 0x08;
    public static final int NTOR_IDENTITY = 0x0a;
    public static final int FAMILY_IDENTITY = 0x0c;

    public static final int KEY_ED25519 = 1;
    public static final int KEY_SHA256_OF_X509 = 3;

    private static final int VERSION = 1;
    private static final int KEY_LENGTH = 32;
    private static final int EXTENSION_SIGNED_WITH = 4;
    // cert-spec: "AFFECTS_VALIDATION. If this bit is present, then the extension affects whether the certificate is
    // valid;
    // implementations MUST NOT accept the certificate as valid unless they recognize the ExtType".
    private static final int FLAG_AFFECTS_VALIDATION = 1;
    private static final int SECONDS_PER_HOUR = 3600;
    // Ours: the longest that a CERTS cell can carry, with room; a file or document has no longer one.
    private static final int ENCODED_MAX = 2048;

    /// @throws Malformed for another shape, or an extension that must be understood and is not
    public static EdCert decode(byte[] encoded) throws Malformed {
        if (encoded.length > ENCODED_MAX) {
            throw new Malformed("Ed25519 certificate too long");
        }
        Reader in = new Reader(encoded);
        if (in.u8() != VERSION) {
            throw new Malformed("Ed25519 certificate version");
        }
        int certType = in.u8();
        long expiresHours = in.u32();
        int keyType = in.u8();
        byte[] certified = in.bytes(KEY_LENGTH);
        byte[] signer = extensions(in);
        in.skip(Ed25519.SIGNATURE_LENGTH);
        if (in.remaining() != 0) {
            throw new Malformed("Ed25519 certificate with bytes after its end");
        }
        return new EdCert(certType, expiresHours, keyType, certified, signer, encoded.clone());
    }

    /// Makes a certificate; the expiry is rounded up to a whole hour.
    /// @param includeSigner whether to carry the signer's key: 140 bytes instead of 104
    public static byte[] encodeAndSign(
            int certType,
            Instant expires,
            int keyType,
            byte[] certifiedKey,
            byte[] signerSecret,
            boolean includeSigner) {
        if (certifiedKey.length != KEY_LENGTH) {
            throw new IllegalStateException("certified key of another length");
        }
        Writer out = new Writer(ENCODED_MAX)
                .u8(VERSION)
                .u8(certType)
                .u32(hoursUp(expires))
                .u8(keyType)
                .bytes(certifiedKey);
        if (includeSigner) {
            out.u8(1).u16(KEY_LENGTH).u8(EXTENSION_SIGNED_WITH).u8(0).bytes(Ed25519.publicKey(signerSecret));
        } else {
            out.u8(0);
        }
        byte[] signature = Ed25519.sign(signerSecret, out.toBytes());
        return out.bytes(signature).toBytes();
    }

    /// Checks signature and time. There is no tolerance: C tor grants none either.
    /// @throws Malformed when it is not signed by that key or has expired
    public void verify(byte[] signerKey, Instant now) throws Malformed {
        if (now.isAfter(expires())) {
            throw new Malformed("Ed25519 certificate expired");
        }
        if (signingKey != null && !Arrays.equals(signingKey, signerKey)) {
            throw new Malformed("Ed25519 certificate names another signer");
        }
        int signedLength = encoded.length - Ed25519.SIGNATURE_LENGTH;
        byte[] signed = Arrays.copyOf(encoded, signedLength);
        byte[] signature = Arrays.copyOfRange(encoded, signedLength, encoded.length);
        if (!Ed25519.verify(signerKey, signed, signature)) {
            throw new Malformed("Ed25519 certificate badly signed");
        }
    }

    /// The last moment it is valid.
    public Instant expires() {
        return Instant.EPOCH.plus(Duration.ofHours(expiresHours));
    }

    /// Whole hours since 1970, rounded up.
    static long hoursUp(Instant time) {
        return Math.ceilDiv(time.getEpochSecond() + (time.getNano() > 0 ? 1 : 0), SECONDS_PER_HOUR);
    }

    private static byte @Nullable [] extensions(Reader in) throws Malformed {
        byte[] signer = null;
        int count = in.u8();
        for (int i = 0; i < count; i++) {
            int length = in.u16();
            int type = in.u8();
            int flags = in.u8();
            Reader data = in.slice(length);
            if (type == EXTENSION_SIGNED_WITH) {
                if (signer != null || length != KEY_LENGTH) {
                    throw new Malformed("Ed25519 certificate: signer extension");
                }
                signer = data.bytes(KEY_LENGTH);
            } else if ((flags & FLAG_AFFECTS_VALIDATION) != 0) {
                throw new Malformed("Ed25519 certificate: unknown extension that affects validation");
            }
        }
        return signer;
    }
}
