package sallyport.engine.netdoc;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Rule.Place;

/// What we need of another relay's server descriptor (dir-spec 2.1.1), verified by both of its signatures.
///
/// @param digest SHA-1 over the part that its RSA key signed: how the consensus names it
/// @param rsaDigest SHA-1 of its RSA identity
/// @param ed25519 its Ed25519 identity
/// @param ntorKey 32 bytes
/// @param orAddresses IPv4 first; at most one IPv6 address follows
/// @param encoded its text, to be kept
@SuppressWarnings("ArrayRecordComponent")
public record RouterDescriptor(
        byte[] digest,
        byte[] rsaDigest,
        byte[] ed25519,
        byte[] ntorKey,
        String nickname,
        List<RelayAddress> orAddresses,
        Instant published,
        byte[] encoded) {
    /// Specification: dir-spec 2.1, descriptors longer than 20,000 bytes are refused by authorities.
    public static final int BYTES_MAX = 20_000;

    private static final int KEY_BYTES = 32;
    private static final int RELAY_KEY_BITS = 1024;
    private static final byte[] SIGNATURE_PREFIX =
            "Tor router descriptor signature v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] START = Search.ascii("router ");
    private static final byte[] NEXT = Search.ascii("\nrouter ");
    private static final byte[] RSA_SIGNATURE = Search.ascii("\nrouter-signature");
    private static final byte[] ED_SIGNATURE = Search.ascii("\nrouter-sig-ed25519");

    private static final Syntax SYNTAX = Syntax.of(
            Rule.once("router", 5).at(Place.FIRST),
            Rule.once("identity-ed25519", 0).with(ObjectRule.NEEDED),
            Rule.once("master-key-ed25519", 1),
            Rule.any("or-address", 1),
            Rule.once("proto", 0),
            Rule.once("published", 2),
            Rule.once("bandwidth", 3),
            Rule.atMostOnce("fingerprint", 0),
            Rule.atMostOnce("onion-key", 0).with(ObjectRule.KEY_NEEDED),
            Rule.once("signing-key", 0).with(ObjectRule.KEY_NEEDED),
            Rule.once("ntor-onion-key", 1),
            Rule.any("family-cert", 0).with(ObjectRule.NEEDED),
            Rule.once("router-sig-ed25519", 1),
            Rule.once("router-signature", 0).with(ObjectRule.NEEDED).at(Place.LAST));

    /// Reads what stands in a document one after the other; misshapen ones are left out, as C tor does.
    ///
    /// @throws Malformed when the document does not begin with a descriptor
    public static List<Unverified<RouterDescriptor>> parseAll(byte[] document) throws Malformed {
        if (document.length == 0) {
            return List.of();
        }
        if (!Search.startsWith(document, 0, document.length, START)) {
            throw new Malformed("not descriptors");
        }
        List<Unverified<RouterDescriptor>> out = new ArrayList<>();
        int at = 0;
        while (at >= 0) {
            int next = Search.indexOf(document, at, document.length, NEXT);
            int end = next < 0 ? document.length : next + 1;
            try {
                if (end - at <= BYTES_MAX) {
                    out.add(parse(Arrays.copyOfRange(document, at, end)));
                }
            } catch (Malformed e) {
                // Left out; the caller sees that it is missing.
            }
            at = next < 0 ? -1 : next + 1;
        }
        return out;
    }

    /// Reads exactly one, whatever its length.
    public static Unverified<RouterDescriptor> parse(byte[] text) throws Malformed {
        Items items = Items.read(text, 0, text.length, SYNTAX);
        byte[] digest = Hashes.sha1(through(text, RSA_SIGNATURE, '\n'));
        byte[] edDigest = Hashes.sha256(SIGNATURE_PREFIX, through(text, ED_SIGNATURE, ' '));
        byte[] rsaSignature = items.one("router-signature").objectOf("SIGNATURE");
        byte[] edSignature = Values.base64(items.one("router-sig-ed25519").argument(0), Ed25519.SIGNATURE_LENGTH);
        byte[] identityPkcs1 = items.one("signing-key").objectOf(Items.KEY_TYPE);
        RSAPublicKey identity = Rsa.publicKey(identityPkcs1);
        EdCert signing = EdCert.decode(items.one("identity-ed25519").objectOf("ED25519 CERT"));
        if (identity.getModulus().bitLength() != RELAY_KEY_BITS) {
            throw new Malformed("a relay's RSA key of another length");
        }
        if (items.one("identity-ed25519").position() != 1
                || items.one("router-sig-ed25519").position() != items.total() - 2) {
            throw new Malformed("an element out of place");
        }
        byte[] master = Values.base64(items.one("master-key-ed25519").argument(0), KEY_BYTES);
        if (signing.certType() != EdCert.IDENTITY_SIGNING || !Arrays.equals(signing.signingKey(), master)) {
            throw new Malformed("a descriptor whose certificate is not its identity's");
        }
        List<EdCert> families = families(items, master);
        RouterDescriptor content = content(items, digest, Hashes.sha1(identityPkcs1), master, text);
        return (_, now) -> {
            if (!Rsa.verifyRaw(identity, digest, rsaSignature)
                    || !Ed25519.verify(signing.certifiedKey(), edDigest, edSignature)) {
                throw new Refused(Refused.Reason.BAD_SIGNATURE);
            }
            signing.verify(master, now);
            for (EdCert family : families) {
                family.verify(Objects.requireNonNull(family.signingKey()), now);
            }
            return content;
        };
    }

    /// Proposal 321: each names its family's key, and certifies this relay's identity.
    private static List<EdCert> families(Items items, byte[] master) throws Malformed {
        List<EdCert> certs = new ArrayList<>();
        for (Item item : items.all("family-cert")) {
            EdCert cert = EdCert.decode(item.objectOf("FAMILY CERT"));
            if (cert.certType() != EdCert.FAMILY_IDENTITY
                    || cert.keyType() != EdCert.KEY_ED25519
                    || cert.signingKey() == null
                    || !Arrays.equals(cert.certifiedKey(), master)) {
                throw new Malformed("a family certificate that is not this relay's");
            }
            certs.add(cert);
        }
        return certs;
    }

    private static RouterDescriptor content(Items items, byte[] digest, byte[] rsaDigest, byte[] master, byte[] text)
            throws Malformed {
        Item fingerprint = items.maybe("fingerprint");
        if (fingerprint != null
                && !Hashes.equal(rsaDigest, Values.hex(fingerprint.line().replace(" ", ""), rsaDigest.length))) {
            throw new Malformed("a descriptor whose fingerprint is not its key's");
        }
        List<String> router = items.one("router").arguments();
        List<RelayAddress> addresses = new ArrayList<>(2);
        addresses.add(Values.ipv4(router.get(1), router.get(2)));
        RelayAddress ipv6 = Values.firstIpv6(items.all("or-address"));
        if (ipv6 != null) {
            addresses.add(ipv6);
        }
        if (addresses.getFirst().port() == 0) {
            throw new Malformed("a relay without a port");
        }
        return new RouterDescriptor(
                digest,
                rsaDigest,
                master,
                Values.base64(items.one("ntor-onion-key").argument(0), KEY_BYTES),
                Values.nickname(router.getFirst()),
                List.copyOf(addresses),
                Times.parse(items.one("published").line()),
                text);
    }

    /// From the start through the first `last` after the keyword.
    private static byte[] through(byte[] text, byte[] keyword, char last) throws Malformed {
        int at = Search.indexOf(text, 0, text.length, keyword);
        int end = at < 0 ? -1 : Search.indexOf(text, at + keyword.length, text.length, new byte[] {(byte) last});
        if (end < 0) {
            throw new Malformed("a descriptor without a signature");
        }
        return Arrays.copyOf(text, end + 1);
    }
}
