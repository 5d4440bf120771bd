package sallyport.lab.hostile;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/// Who we say we are as a relay: both identity keys, and the signing key below the Ed25519 one.
///
/// @param rsa the RSA identity key
/// @param ed25519 the Ed25519 identity, 32 bytes
/// @param signing the Ed25519 signing key
/// @param signingCert by which the identity vouches for it (CERTS type 4)
record Identity(KeyPair rsa, byte[] ed25519, EdKey signing, byte[] signingCert) {
    private static final int HEADER_BYTES = 32;

    /// Somebody whom no consensus lists.
    static Identity fresh() {
        EdKey master = EdKey.fresh();
        EdKey signing = EdKey.fresh();
        byte[] cert = new EdCert(4, EdCert.tomorrow(), EdCert.KEY_ED25519, signing.point()).signedByNamed(master);
        return new Identity(rsaKey(1024), master.point(), signing, cert);
    }

    /// The relay whose keys C tor keeps in this directory (`DataDirectory/keys`).
    static Identity ofTor(Path keys) throws IOException {
        byte[] signing = Files.readAllBytes(keys.resolve("ed25519_signing_secret_key"));
        byte[] cert = Files.readAllBytes(keys.resolve("ed25519_signing_cert"));
        byte[] master = Files.readAllBytes(keys.resolve("ed25519_master_id_public_key"));
        return new Identity(
                rsaKey(Files.readString(keys.resolve("secret_id_key"))),
                behindHeader(master),
                EdKey.ofExpanded(behindHeader(signing)),
                behindHeader(cert));
    }

    static KeyPair rsaKey(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// DER of RSAPublicKey (PKCS #1).
    byte[] rsaPublicKey() {
        return pkcs1(rsa.getPublic());
    }

    /// The fingerprint: SHA-1 of the RSA identity key, 20 bytes.
    byte[] rsaId() {
        return Digests.sha1().digest(rsaPublicKey());
    }

    /// What an honest relay that dials puts into CERTS.
    List<CertEntry> initiatorCerts(EdKey authKey) {
        return List.of(
                new CertEntry(2, Certificates.idCertificate(this)),
                new CertEntry(4, signingCert),
                new CertEntry(
                        6, new EdCert(6, EdCert.tomorrow(), EdCert.KEY_ED25519, authKey.point()).signedBy(signing)),
                new CertEntry(7, Certificates.crossCert(this, ed25519, EdCert.tomorrow())));
    }

    /// What an honest relay that accepts puts into CERTS.
    ///
    /// @param linkCertificate what it showed in TLS, DER
    List<CertEntry> responderCerts(byte[] linkCertificate) {
        byte[] digest = Digests.sha256(linkCertificate);
        return List.of(
                new CertEntry(1, linkCertificate),
                new CertEntry(2, Certificates.idCertificate(this)),
                new CertEntry(4, signingCert),
                new CertEntry(5, new EdCert(5, EdCert.tomorrow(), EdCert.KEY_X509, digest).signedBy(signing)),
                new CertEntry(7, Certificates.crossCert(this, ed25519, EdCert.tomorrow())));
    }

    /// DER of RSAPublicKey (PKCS #1).
    static byte[] pkcs1(PublicKey key) {
        java.security.interfaces.RSAPublicKey rsa = (java.security.interfaces.RSAPublicKey) key;
        try {
            return new RSAPublicKey(rsa.getModulus(), rsa.getPublicExponent()).getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] behindHeader(byte[] file) {
        return Arrays.copyOfRange(file, HEADER_BYTES, file.length);
    }

    private static KeyPair rsaKey(String pem) throws IOException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "");
        RSAPrivateKey parsed = RSAPrivateKey.getInstance(Base64.getMimeDecoder().decode(base64));
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            PrivateKey secret = factory.generatePrivate(
                    new PKCS8EncodedKeySpec(new PrivateKeyInfo(algorithm, parsed).getEncoded(ASN1Encoding.DER)));
            BigInteger modulus = parsed.getModulus();
            return new KeyPair(
                    factory.generatePublic(new RSAPublicKeySpec(modulus, parsed.getPublicExponent())), secret);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
