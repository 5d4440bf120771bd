package sallyport.lab.hostile;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.crypto.Cipher;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import sallyport.engine.bytes.Writer;

/// The RSA certificates of a link (tor-spec section 4.2, cert-spec section 2.3).
final class Certificates {
    private Certificates() {}

    /// CERTS type 2: the RSA identity, signed by itself.
    static byte[] idCertificate(Identity identity) {
        return certificate(identity.rsa().getPublic(), identity.rsa().getPrivate(), Duration.ofDays(365));
    }

    /// What is shown in TLS, CERTS type 1: a link key, signed by the RSA identity.
    static byte[] linkCertificate(KeyPair linkKey, Identity identity) {
        return certificate(linkKey.getPublic(), identity.rsa().getPrivate(), Duration.ofDays(100));
    }

    /// CERTS type 7: the RSA identity vouches for an Ed25519 identity.
    static byte[] crossCert(Identity identity, byte[] ed25519, Instant expires) {
        byte[] head = new Writer().bytes(ed25519).u32(EdCert.hours(expires)).toBytes();
        byte[] digest = Digests.sha256(new Writer()
                .ascii("Tor TLS RSA/Ed25519 cross-certificate")
                .bytes(head)
                .toBytes());
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            // With a private key this is the padding of signatures, here without the name of the hash.
            cipher.init(Cipher.ENCRYPT_MODE, identity.rsa().getPrivate());
            byte[] signature = cipher.doFinal(digest);
            return new Writer()
                    .bytes(head)
                    .u8(signature.length)
                    .bytes(signature)
                    .toBytes();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The same certificate as the JDK wants it.
    static X509Certificate parsed(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A certificate that has ended already when the validity is negative.
    static byte[] certificate(PublicKey subject, PrivateKey issuer, Duration validity) {
        Instant now = Instant.now();
        AlgorithmIdentifier algorithm =
                new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(BigInteger.valueOf(now.toEpochMilli())));
        generator.setSignature(algorithm);
        generator.setIssuer(new X500Name("CN=www.issuer.com"));
        generator.setSubject(new X500Name("CN=www.subject.net"));
        generator.setStartDate(new Time(Date.from(now.minus(Duration.ofDays(1)).minus(validity.abs()))));
        generator.setEndDate(new Time(Date.from(now.plus(validity))));
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(subject.getEncoded()));
        TBSCertificate unsigned = generator.generateTBSCertificate();
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(issuer);
            signature.update(unsigned.getEncoded(ASN1Encoding.DER));
            ASN1EncodableVector all = new ASN1EncodableVector();
            all.add(unsigned);
            all.add(algorithm);
            all.add(new DERBitString(signature.sign()));
            return new DERSequence(all).getEncoded(ASN1Encoding.DER);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
