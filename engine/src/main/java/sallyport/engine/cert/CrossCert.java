package sallyport.engine.cert;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;

/// The RSA identity's word for the Ed25519 identity: CERTS type 7 (cert-spec "RSA->Ed25519 cross-certificate").
/// @param ed25519 the identity it names, 32 bytes
/// @param expiresHours hours since 1970
/// @param encoded the whole certificate
public record CrossCert(byte[] ed25519, long expiresHours, byte[] encoded) {
    // cert-spec: "SIGNATURE is computed on the SHA256 hash of the non-signature part of this document, prefixed with
    // the
    // string"; it has no terminating zero.
    private static final byte[] PREFIX = "Tor TLS RSA/Ed25519 cross-certificate".getBytes(StandardCharsets.US_ASCII);
    private static final int SIGNED_LENGTH = 36;

    public static CrossCert decode(byte[] encoded) throws Malformed {
        Reader in = new Reader(encoded);
        byte[] ed25519 = in.bytes(32);
        long expiresHours = in.u32();
        in.skip(in.u8());
        if (in.remaining() != 0) {
            throw new Malformed("cross-certificate with bytes after its end");
        }
        return new CrossCert(ed25519, expiresHours, encoded.clone());
    }

    /// Makes one; the expiry is rounded up to a whole hour.
    public static byte[] build(RSAPrivateCrtKey identity, byte[] ed25519, Instant expires) {
        byte[] signed = new Writer().bytes(ed25519).u32(EdCert.hoursUp(expires)).toBytes();
        byte[] signature = Rsa.signRaw(identity, Hashes.sha256(PREFIX, signed));
        return new Writer().bytes(signed).u8(signature.length).bytes(signature).toBytes();
    }

    /// @throws Malformed when it names another identity, has expired or is not signed by that key
    public void verify(RSAPublicKey identity, byte[] expectedEd25519, Instant now) throws Malformed {
        if (!Arrays.equals(ed25519, expectedEd25519)) {
            throw new Malformed("cross-certificate names another Ed25519 identity");
        }
        if (now.isAfter(expires())) {
            throw new Malformed("cross-certificate expired");
        }
        byte[] signature = Arrays.copyOfRange(encoded, SIGNED_LENGTH + 1, encoded.length);
        byte[] digest = Hashes.sha256(PREFIX, Arrays.copyOf(encoded, SIGNED_LENGTH));
        if (!Rsa.verifyRaw(identity, digest, signature)) {
            throw new Malformed("cross-certificate badly signed");
        }
    }

    /// The last moment it is valid.
    public Instant expires() {
        return Instant.EPOCH.plus(Duration.ofHours(expiresHours));
    }
}
