package sallyport.lab.vote;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.netdoc.Times;

/// The keys an authority signs with, and the certificate in which its identity vouches for them (dir-spec
/// 3.1). Private networks' keys: the identity signs once and is forgotten.
public final class VotingKeys {
    private static final Duration LIFETIME = Duration.ofDays(365);
    private static final String SIGNATURE = "SIGNATURE";

    private final byte[] identity;
    private final RSAPrivateCrtKey signing;
    private final byte[] signingDigest;
    private final byte[] certificate;

    private VotingKeys(byte[] identity, RSAPrivateCrtKey signing, byte[] signingDigest, byte[] certificate) {
        this.identity = identity;
        this.signing = signing;
        this.signingDigest = signingDigest;
        this.certificate = certificate;
    }

    /// Makes fresh ones; takes the better part of a second.
    ///
    /// @param identityBits 3072 is C tor's choice
    /// @param signingBits 2048 is C tor's choice
    public static VotingKeys make(RelayAddress directory, Instant now, int identityBits, int signingBits) {
        RSAPrivateCrtKey identityKey = Rsa.generate(identityBits);
        RSAPrivateCrtKey signingKey = Rsa.generate(signingBits);
        byte[] identityPkcs1 = Rsa.pkcs1(Rsa.publicKey(identityKey));
        byte[] signingPkcs1 = Rsa.pkcs1(Rsa.publicKey(signingKey));
        byte[] identity = Hashes.sha1(identityPkcs1);
        String text = "dir-key-certificate-version 3\n"
                + "dir-address " + directory + "\n"
                + "fingerprint " + Hex.upper(identity) + "\n"
                + "dir-key-published " + Times.text(now) + "\n"
                + "dir-key-expires " + Times.text(now.plus(LIFETIME)) + "\n"
                + "dir-identity-key\n" + Rsa.publicPem(identityPkcs1)
                + "dir-signing-key\n" + Rsa.publicPem(signingPkcs1)
                + "dir-key-crosscert\n" + object("ID " + SIGNATURE, Rsa.signRaw(signingKey, identity))
                + "dir-key-certification\n";
        text += object(SIGNATURE, Rsa.signRaw(identityKey, Hashes.sha1(ascii(text))));
        return new VotingKeys(identity, signingKey, Hashes.sha1(signingPkcs1), ascii(text));
    }

    /// SHA-1 of the identity key, 40 upper-case hex digits.
    public String v3Identity() {
        return Hex.upper(identity);
    }

    /// The certificate's text.
    public byte[] certificate() {
        return certificate.clone();
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
