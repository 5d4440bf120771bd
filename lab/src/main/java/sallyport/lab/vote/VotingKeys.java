package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.netdoc.AuthorityCertificate;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.Times;

/// The keys an authority signs with, and the certificate in which its identity vouches for them (dir-spec
/// 3.1). The identity itself is only needed to make such a certificate.
public final class VotingKeys {
    /// C tor's choice for an identity.
    public static final int IDENTITY_BITS = 3072;
    /// C tor's choice for a signing key.
    public static final int SIGNING_BITS = 2048;
    /// What tor-gencert takes where nobody says how long.
    public static final Duration LIFETIME = Duration.ofDays(365);

    // As C tor begins to warn of it.
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final String SIGNATURE = "SIGNATURE";
    private static final Pattern FINGERPRINT = Pattern.compile("(?m)^fingerprint ([0-9A-F]{40})$");

    private final byte[] identity;
    private final RSAPrivateCrtKey signing;
    private final byte[] signingDigest;
    private final AuthorityCertificate certificate;

    private VotingKeys(RSAPrivateCrtKey signing, AuthorityCertificate certificate) {
        this.identity = certificate.identity();
        this.signing = signing;
        this.signingDigest = certificate.signingKeyDigest();
        this.certificate = certificate;
    }

    /// Makes fresh ones, whose identity is forgotten; takes the better part of a second.
    public static VotingKeys make(RelayAddress directory, Instant now, int identityBits, int signingBits) {
        return certify(Rsa.generate(identityBits), Rsa.generate(signingBits), directory, now, LIFETIME);
    }

    /// Lets an identity vouch for a signing key.
    ///
    /// @param directory where the authority answers HTTP
    public static VotingKeys certify(
            RSAPrivateCrtKey identityKey,
            RSAPrivateCrtKey signingKey,
            RelayAddress directory,
            Instant now,
            Duration lifetime) {
        byte[] identityPkcs1 = Rsa.pkcs1(Rsa.publicKey(identityKey));
        byte[] signingPkcs1 = Rsa.pkcs1(Rsa.publicKey(signingKey));
        byte[] identity = Hashes.sha1(identityPkcs1);
        String text = "dir-key-certificate-version 3\n"
                + "dir-address " + directory + "\n"
                + "fingerprint " + Hex.upper(identity) + "\n"
                + "dir-key-published " + Times.text(now) + "\n"
                + "dir-key-expires " + Times.text(now.plus(lifetime)) + "\n"
                + "dir-identity-key\n" + Rsa.publicPem(identityPkcs1)
                + "dir-signing-key\n" + Rsa.publicPem(signingPkcs1)
                + "dir-key-crosscert\n" + object("ID " + SIGNATURE, Rsa.signRaw(signingKey, identity))
                + "dir-key-certification\n";
        text += object(SIGNATURE, Rsa.signRaw(identityKey, Hashes.sha1(ascii(text))));
        try {
            return of(signingKey, ascii(text));
        } catch (Malformed e) {
            throw new IllegalStateException("a certificate that does not hold", e);
        }
    }

    /// A signing key and the certificate that vouches for it, expired or not.
    public static VotingKeys of(RSAPrivateCrtKey signingKey, byte[] certificate) throws Malformed {
        Matcher fingerprint = FINGERPRINT.matcher(new String(certificate, StandardCharsets.ISO_8859_1));
        if (!fingerprint.find()) {
            throw new Malformed("a certificate without a fingerprint");
        }
        DirectoryTrust itself = new DirectoryTrust(false, Set.of(fingerprint.group(1)), List.of());
        AuthorityCertificate believed;
        try {
            // At that time none has expired.
            believed = AuthorityCertificate.parseAll(certificate).getFirst().verify(itself, Instant.EPOCH);
        } catch (Refused e) {
            throw new Malformed("a certificate that does not hold");
        }
        if (!Hashes.equal(believed.signingKeyDigest(), Hashes.sha1(Rsa.pkcs1(signingKey)))) {
            throw new Malformed("a certificate of another signing key");
        }
        return new VotingKeys(signingKey, believed);
    }

    /// Whether it is time for a new certificate: a month before this one ends, or half of its time if that
    /// is less.
    public boolean isExpiring(Instant now) {
        Duration half =
                Duration.between(certificate.published(), certificate.expires()).dividedBy(2);
        Duration before = half.compareTo(RENEW_BEFORE) < 0 ? half : RENEW_BEFORE;
        return !now.isBefore(certificate.expires().minus(before));
    }

    /// The certificate's end.
    public Instant expires() {
        return certificate.expires();
    }

    /// The signing key as C tor's file has it.
    public String signingPem() {
        return Rsa.privatePem(signing);
    }

    /// SHA-1 of the identity key, 40 upper-case hex digits.
    public String v3Identity() {
        return Hex.upper(identity);
    }

    /// The certificate's text.
    public byte[] certificate() {
        return certificate.encoded();
    }

    /// Signs a digest.
    ConsensusSignature sign(byte[] digest) {
        return new ConsensusSignature(Hex.upper(identity), Hex.upper(signingDigest), Rsa.signRaw(signing, digest));
    }

    private static String object(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n" + Base64Text.wrapped(bytes) + "-----END " + type + "-----\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
