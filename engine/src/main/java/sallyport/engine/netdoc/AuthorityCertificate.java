package sallyport.engine.netdoc;

import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Rule.Place;

/// What an authority's identity says of its signing key (dir-spec 3.1), verified.
public final class AuthorityCertificate {
    static final int DIGEST_BYTES = 20;
    // As C tor.
    private static final int BYTES_MAX = 128 * 1024;
    // Ours: nine authorities with a current and a former key each, and room.
    private static final int CERTIFICATES_MAX = 256;

    private static final byte[] START = Search.ascii("dir-key-certificate-version");
    private static final byte[] NEXT = Search.ascii("\ndir-key-certificate-version");
    private static final byte[] SIGNATURE = Search.ascii("\ndir-key-certification");
    private static final Syntax SYNTAX = Syntax.of(
            Rule.once("dir-key-certificate-version", 1).at(Place.FIRST),
            Rule.atMostOnce("dir-address", 1),
            Rule.once("fingerprint", 1),
            Rule.once("dir-identity-key", 0).with(ObjectRule.KEY_NEEDED),
            Rule.once("dir-key-published", 2),
            Rule.once("dir-key-expires", 2),
            Rule.once("dir-signing-key", 0).with(ObjectRule.KEY_NEEDED),
            Rule.once("dir-key-crosscert", 0).with(ObjectRule.NEEDED),
            Rule.once("dir-key-certification", 0).with(ObjectRule.NEEDED).at(Place.LAST));

    private final byte[] identity;
    private final byte[] signingKeyDigest;
    private final RSAPublicKey signingKey;
    private final Instant published;
    private final Instant expires;
    private final byte[] encoded;

    private AuthorityCertificate(
            byte[] identity, byte[] signingKeyPkcs1, Instant published, Instant expires, byte[] encoded)
            throws Malformed {
        this.identity = identity;
        this.signingKeyDigest = Hashes.sha1(signingKeyPkcs1);
        this.signingKey = Rsa.publicKey(signingKeyPkcs1);
        this.published = published;
        this.expires = expires;
        this.encoded = encoded;
    }

    /// Reads all certificates of a document, as authorities send them one after the other.
    public static List<Unverified<AuthorityCertificate>> parseAll(byte[] document) throws Malformed {
        List<Unverified<AuthorityCertificate>> out = new ArrayList<>();
        int at = Search.startsWith(document, 0, document.length, START) ? 0 : -1;
        while (at >= 0) {
            int next = Search.indexOf(document, at, document.length, NEXT);
            int end = next < 0 ? document.length : next + 1;
            if (out.size() == CERTIFICATES_MAX) {
                throw new Malformed("too many certificates");
            }
            out.add(parse(Arrays.copyOfRange(document, at, end)));
            at = next < 0 ? -1 : next + 1;
        }
        if (out.isEmpty()) {
            throw new Malformed("no certificate");
        }
        return out;
    }

    /// SHA-1 of the v3 identity key.
    public byte[] identity() {
        return identity.clone();
    }

    /// SHA-1 of the signing key.
    public byte[] signingKeyDigest() {
        return signingKeyDigest.clone();
    }

    /// Whether this certificate's signing key signed that digest.
    public boolean signed(byte[] digest, byte[] signature) {
        return Rsa.verifyRaw(signingKey, digest, signature);
    }

    public Instant published() {
        return published;
    }

    public Instant expires() {
        return expires;
    }

    /// The document, to be kept.
    public byte[] encoded() {
        return encoded.clone();
    }

    private static Unverified<AuthorityCertificate> parse(byte[] text) throws Malformed {
        if (text.length > BYTES_MAX) {
            throw new Malformed("a certificate too long");
        }
        Items items = Items.read(text, 0, text.length, SYNTAX);
        if (!items.one("dir-key-certificate-version").argument(0).equals("3")) {
            throw new Malformed("a certificate of another version");
        }
        byte[] identityPkcs1 = items.one("dir-identity-key").objectOf(Items.KEY_TYPE);
        byte[] identity = Hashes.sha1(identityPkcs1);
        if (!Hashes.equal(identity, Values.hex(items.one("fingerprint").argument(0), DIGEST_BYTES))) {
            throw new Malformed("a certificate whose fingerprint is not its key's");
        }
        AuthorityCertificate certificate = new AuthorityCertificate(
                identity,
                items.one("dir-signing-key").objectOf(Items.KEY_TYPE),
                Times.parse(items.one("dir-key-published").line()),
                Times.parse(items.one("dir-key-expires").line()),
                text);
        byte[] digest = Hashes.sha1(signedPart(text));
        byte[] signature = items.one("dir-key-certification").objectOf("SIGNATURE");
        // dir-spec 3.1: "ID SIGNATURE" or, from old tools, "SIGNATURE"; C tor looks at the bytes alone.
        byte[] crossSignature = items.one("dir-key-crosscert").object();
        RSAPublicKey identityKey = Rsa.publicKey(identityPkcs1);
        return (trust, now) -> {
            if (!trust.isAuthority(identity)) {
                throw new Refused(Refused.Reason.UNKNOWN_AUTHORITY);
            }
            if (!Rsa.verifyRaw(identityKey, digest, signature)
                    || crossSignature == null
                    || !Rsa.verifyRaw(certificate.signingKey, identity, crossSignature)) {
                throw new Refused(Refused.Reason.BAD_SIGNATURE);
            }
            if (certificate.expires.isBefore(now)) {
                throw new Refused(Refused.Reason.EXPIRED);
            }
            return certificate;
        };
    }

    /// From the start through the end of the line `dir-key-certification`.
    private static byte[] signedPart(byte[] text) throws Malformed {
        int keyword = Search.indexOf(text, 0, text.length, SIGNATURE);
        int end = keyword < 0 ? -1 : Search.indexOf(text, keyword + SIGNATURE.length, text.length, new byte[] {'\n'});
        if (end < 0) {
            throw new Malformed("a certificate without a signature");
        }
        return Arrays.copyOf(text, end + 1);
    }
}
