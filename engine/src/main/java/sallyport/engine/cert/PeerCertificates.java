package sallyport.engine.cert;

import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;

/// The check of a peer's whole CERTS cell (tor-spec "CERTS cells"), for both roles. Costs three Ed25519 and two RSA
/// verifications, some 0.3 ms.
public final class PeerCertificates {
    /// Types of certificates in a CERTS cell.
    public static final int RSA_IDENTITY = 2;
    public static final int ED_IDENTITY_SIGNING = 4;
    public static final int ED_SIGNING_LINK = 5;
    public static final int ED_SIGNING_AUTH = 6;
    public static final int RSA_ED_CROSS = 7;

    /// Who the peer proved to be.
    /// @param rsaDigest SHA-1 of the RSA identity: its fingerprint
    /// @param rsaIdSha256 SHA-256 of the same key, as AUTHENTICATE names it
    /// @param ed25519 its Ed25519 identity
    /// @param authKey the key that signs AUTHENTICATE; null when the peer is the responder
    public record PeerIdentity(byte[] rsaDigest, byte[] rsaIdSha256, byte[] ed25519, byte @Nullable [] authKey) {}

    private PeerCertificates() {}

    /// Checks the chain. Without Ed25519 certificates there is no identity here: C tor's older path for RSA alone is of
    /// no use with link authentication 3.
    /// @param certsByType the certificates by their type in the cell; types not needed are not looked at
    /// @param tlsCertificateDerSeen what the peer presented in TLS; used only when it is the responder
    /// @throws Malformed for anything missing, wrong or expired; the link is to be closed
    public static PeerIdentity verify(
            Map<Integer, byte[]> certsByType, byte[] tlsCertificateDerSeen, boolean peerIsResponder, Instant now)
            throws Malformed {
        EdCert signing = edCert(certsByType, ED_IDENTITY_SIGNING, EdCert.IDENTITY_SIGNING, EdCert.KEY_ED25519);
        byte[] identity = signing.signingKey();
        if (identity == null) {
            throw new Malformed("CERTS: signing key certificate without the identity");
        }
        signing.verify(identity, now);

        byte[] authKey = null;
        if (peerIsResponder) {
            EdCert link = edCert(certsByType, ED_SIGNING_LINK, EdCert.SIGNING_LINK, EdCert.KEY_SHA256_OF_X509);
            link.verify(signing.certifiedKey(), now);
            if (!Arrays.equals(link.certifiedKey(), Hashes.sha256(tlsCertificateDerSeen))) {
                throw new Malformed("CERTS: link certificate is not the one seen in TLS");
            }
        } else {
            EdCert auth = edCert(certsByType, ED_SIGNING_AUTH, EdCert.SIGNING_AUTH, EdCert.KEY_ED25519);
            auth.verify(signing.certifiedKey(), now);
            authKey = auth.certifiedKey();
        }

        RSAPublicKey rsa = rsaIdentity(certsByType, now);
        CrossCert.decode(need(certsByType, RSA_ED_CROSS)).verify(rsa, identity, now);
        byte[] pkcs1 = Rsa.pkcs1(rsa);
        return new PeerIdentity(Hashes.sha1(pkcs1), Hashes.sha256(pkcs1), identity, authKey);
    }

    private static RSAPublicKey rsaIdentity(Map<Integer, byte[]> certsByType, Instant now) throws Malformed {
        RsaCertificate certificate = RsaCertificate.decode(need(certsByType, RSA_IDENTITY));
        if (certificate.key().getModulus().bitLength() != Rsa.IDENTITY_BITS) {
            throw new Malformed("CERTS: RSA identity is not of 1024 bits");
        }
        certificate.verify(certificate.key(), now);
        return certificate.key();
    }

    private static EdCert edCert(Map<Integer, byte[]> certsByType, int type, int certType, int keyType)
            throws Malformed {
        EdCert cert = EdCert.decode(need(certsByType, type));
        if (cert.certType() != certType || cert.keyType() != keyType) {
            throw new Malformed("CERTS: Ed25519 certificate of another type");
        }
        return cert;
    }

    private static byte[] need(Map<Integer, byte[]> certsByType, int type) throws Malformed {
        byte[] cert = certsByType.get(type);
        if (cert == null) {
            throw new Malformed("CERTS: a certificate is missing");
        }
        return cert;
    }
}
