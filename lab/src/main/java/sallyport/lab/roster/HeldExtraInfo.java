package sallyport.lab.roster;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.netdoc.Item;
import sallyport.engine.netdoc.Items;
import sallyport.engine.netdoc.Rule;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Rule.Place;
import sallyport.engine.netdoc.Syntax;
import sallyport.engine.netdoc.Times;
import sallyport.engine.netdoc.Values;

/// An extra-info document (dir-spec 2.1.2) whose Ed25519 signature holds; whether it is its relay's, only
/// the descriptor can tell.
///
/// @param identity SHA-1 of its relay's RSA identity
/// @param signingCertificate whole
/// @param sha1 of what is signed by RSA: how the descriptor and everybody else name it
/// @param sha256 of all of it
/// @param text not to be changed
@SuppressWarnings("ArrayRecordComponent")
public record HeldExtraInfo(
        byte[] identity,
        byte[] signingCertificate,
        Instant published,
        byte[] sha1,
        byte[] sha256,
        byte[] rsaSignature,
        byte[] text) {
    private static final int SHA1_BYTES = 20;
    // As C tor: of RSA keys of 1,024 to 4,096 bits.
    private static final int SIGNATURE_BYTES_MIN = 128;
    private static final int SIGNATURE_BYTES_MAX = 512;
    private static final String RSA_SIGNATURE = "\nrouter-signature\n";
    private static final String ED_SIGNATURE = "\nrouter-sig-ed25519 ";
    private static final byte[] SIGNATURE_PREFIX =
            "Tor router descriptor signature v1".getBytes(StandardCharsets.US_ASCII);

    private static final Syntax SYNTAX = syntax();

    /// @throws Malformed for another shape, or an Ed25519 signature that does not hold
    static HeldExtraInfo read(byte[] text) throws Malformed {
        Items items = Items.read(text, 0, text.length, SYNTAX);
        String document = new String(text, StandardCharsets.ISO_8859_1);
        Item first = items.one("extra-info");
        Values.nickname(first.argument(0));
        Item certificate = items.one("identity-ed25519");
        if (certificate.position() != 1 || items.one("router-sig-ed25519").position() != items.total() - 2) {
            throw new Malformed("an element out of place");
        }
        EdCert signing = EdCert.decode(certificate.objectOf("ED25519 CERT"));
        if (signing.certType() != EdCert.IDENTITY_SIGNING || signing.signingKey() == null) {
            throw new Malformed("a certificate of another kind");
        }
        signing.verify(Objects.requireNonNull(signing.signingKey()), Instant.EPOCH);
        byte[] edSignature = Values.base64(items.one("router-sig-ed25519").argument(0), Ed25519.SIGNATURE_LENGTH);
        byte[] signed = Hashes.sha256(SIGNATURE_PREFIX, through(document, ED_SIGNATURE));
        if (!Ed25519.verify(signing.certifiedKey(), signed, edSignature)) {
            throw new Malformed("an Ed25519 signature that does not hold");
        }
        byte[] rsaSignature = items.one("router-signature").objectOf("SIGNATURE");
        if (rsaSignature.length < SIGNATURE_BYTES_MIN || rsaSignature.length > SIGNATURE_BYTES_MAX) {
            throw new Malformed("a signature of another length");
        }
        return new HeldExtraInfo(
                Values.hex(first.argument(1), SHA1_BYTES),
                signing.encoded(),
                Times.parse(items.one("published").line()),
                Hashes.sha1(through(document, RSA_SIGNATURE)),
                Hashes.sha256(text),
                rsaSignature,
                text);
    }

    /// 40 upper-case hex digits.
    public String fingerprint() {
        return Hex.upper(identity);
    }

    /// 40 upper-case hex digits.
    public String digest() {
        return Hex.upper(sha1);
    }

    boolean isSignedBy(byte[] pkcs1) {
        try {
            RSAPublicKey key = Rsa.publicKey(pkcs1);
            return Rsa.verifyRaw(key, sha1, rsaSignature);
        } catch (Malformed e) {
            throw new IllegalStateException("the key of a descriptor that was verified", e);
        }
    }

    private static byte[] through(String document, String keyword) throws Malformed {
        int at = document.indexOf(keyword);
        if (at < 0) {
            throw new Malformed("a document without a signature");
        }
        return document.substring(0, at + keyword.length()).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Syntax syntax() {
        List<Rule> rules = new ArrayList<>(List.of(
                Rule.once("extra-info", 2).at(Place.FIRST),
                Rule.once("identity-ed25519", 0).with(ObjectRule.NEEDED),
                Rule.once("published", 2),
                Rule.once("router-sig-ed25519", 1),
                Rule.once("router-signature", 0).with(ObjectRule.NEEDED).at(Place.LAST)));
        Arrays.stream(("read-history write-history dirreq-stats-end dirreq-v2-ips dirreq-v3-ips dirreq-v2-reqs"
                                + " dirreq-v3-reqs dirreq-v2-share dirreq-v3-share dirreq-v2-resp dirreq-v3-resp"
                                + " dirreq-v2-direct-dl dirreq-v3-direct-dl dirreq-v2-tunneled-dl"
                                + " dirreq-v3-tunneled-dl entry-stats-end entry-ips cell-stats-end"
                                + " cell-processed-cells cell-queued-cells cell-time-in-queue"
                                + " cell-circuits-per-decile exit-stats-end exit-kibibytes-written"
                                + " exit-kibibytes-read exit-streams-opened")
                        .split(" ", -1))
                .forEach(keyword -> rules.add(Rule.atMostOnce(keyword, 0)));
        return Syntax.of(rules.toArray(Rule[]::new));
    }
}
