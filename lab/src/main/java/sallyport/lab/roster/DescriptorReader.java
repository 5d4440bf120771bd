package sallyport.lab.roster;

import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.netdoc.DirectoryTrust;
import sallyport.engine.netdoc.Item;
import sallyport.engine.netdoc.Items;
import sallyport.engine.netdoc.Refused;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.netdoc.Rule;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Syntax;
import sallyport.engine.netdoc.Values;
import sallyport.lab.vote.RelayDescriptor;

/// Reads a posted server descriptor as an authority does: more strictly than those who only use it, for
/// what it refuses nobody gets to see.
final class DescriptorReader {
    private static final int SHA1_BYTES = 20;
    private static final int SHA256_BYTES = 32;
    private static final BigInteger EXPONENT = BigInteger.valueOf(65_537);
    // Signatures are checked at a time before any certificate expires: C tor asks for that later, and says so.
    private static final Instant BEFORE_EXPIRY = Instant.EPOCH;
    private static final DirectoryTrust NOBODY = new DirectoryTrust(true, Set.of(), List.of());

    private static final Syntax SYNTAX = Syntax.of(
            Rule.once("router", 5),
            Rule.once("identity-ed25519", 0).with(ObjectRule.NEEDED),
            Rule.once("signing-key", 0).with(ObjectRule.KEY_NEEDED),
            Rule.atMostOnce("onion-key", 0).with(ObjectRule.KEY_NEEDED),
            Rule.atMostOnce("onion-key-crosscert", 0).with(ObjectRule.NEEDED),
            Rule.once("ntor-onion-key-crosscert", 1).with(ObjectRule.NEEDED),
            Rule.once("bandwidth", 3),
            Rule.atMostOnce("platform", 0),
            Rule.atMostOnce("uptime", 1),
            Rule.atMostOnce("hibernating", 1),
            Rule.atMostOnce("contact", 0),
            Rule.atMostOnce("read-history", 0),
            Rule.atMostOnce("write-history", 0),
            Rule.atMostOnce("extra-info-digest", 1),
            Rule.atMostOnce("hidden-service-dir", 0),
            Rule.atMostOnce("caches-extra-info", 0),
            Rule.atMostOnce("allow-single-hop-exits", 0),
            Rule.atMostOnce("tunnelled-dir-server", 0),
            Rule.any("accept", 0),
            Rule.any("reject", 0),
            Rule.any("accept6", 0),
            Rule.any("reject6", 0));

    private DescriptorReader() {}

    /// @throws Malformed for another shape, or a certificate that does not fit
    /// @throws Refused for a signature that does not hold
    static HeldDescriptor read(byte[] text) throws Malformed, Refused {
        RouterDescriptor verified = RouterDescriptor.parse(text).verify(NOBODY, BEFORE_EXPIRY);
        Items items = Items.read(text, 0, text.length, SYNTAX);
        if (!items.all("accept6").isEmpty() || !items.all("reject6").isEmpty()) {
            throw new Malformed("a policy that crashes old relays");
        }
        RelayDescriptor relay = RelayDescriptor.of(verified);
        EdCert signing = EdCert.decode(items.one("identity-ed25519").objectOf("ED25519 CERT"));
        EdCert ntor = ntorCrossCertificate(items.one("ntor-onion-key-crosscert"), verified);
        checkTapCrossCertificate(items.maybe("onion-key-crosscert"), relay);
        Item extraInfo = items.maybe("extra-info-digest");
        return new HeldDescriptor(
                relay,
                items.one("signing-key").objectOf(Items.KEY_TYPE),
                signing.encoded(),
                signing.expires().isBefore(ntor.expires()) ? signing.expires() : ntor.expires(),
                line(items, "platform", "<unknown>"),
                items.maybe("contact") == null ? null : line(items, "contact", ""),
                number(items.maybe("uptime")),
                isOn(items.maybe("hibernating")),
                offered(items.one("bandwidth").arguments()),
                policyLines(items),
                items.maybe("hidden-service-dir") != null,
                items.maybe("tunnelled-dir-server") != null || relay.dirPort() > 0,
                extraInfo == null ? null : sha1(extraInfo.argument(0)),
                extraInfo == null ? null : sha256(extraInfo.arguments()));
    }

    /// dir-spec "ntor-onion-key-crosscert": the onion key signs the identity, as the Ed25519 key that it is
    /// as well.
    private static EdCert ntorCrossCertificate(Item item, RouterDescriptor relay) throws Malformed {
        int bit = (int) Values.number(item.argument(0), 0, 1);
        EdCert cert = EdCert.decode(item.objectOf("ED25519 CERT"));
        if (item.arguments().size() != 1
                || cert.certType() != EdCert.NTOR_IDENTITY
                || !Arrays.equals(cert.certifiedKey(), relay.ed25519())) {
            throw new Malformed("a cross-certificate of another kind");
        }
        cert.verify(OnionKeys.toEd25519(relay.ntorKey(), bit), BEFORE_EXPIRY);
        return cert;
    }

    /// dir-spec "onion-key-crosscert": the key of old signs both identities.
    private static void checkTapCrossCertificate(@Nullable Item item, RelayDescriptor relay) throws Malformed {
        byte[] onionKey = relay.onionKey();
        if ((item == null) != (onionKey == null)) {
            throw new Malformed("only one of onion key and its cross-certificate");
        }
        if (item == null || onionKey == null) {
            return;
        }
        RSAPublicKey key = Rsa.publicKey(onionKey);
        byte[] identities = new Writer()
                .bytes(relay.verified().rsaDigest())
                .bytes(relay.verified().ed25519())
                .toBytes();
        if (key.getModulus().bitLength() != Rsa.IDENTITY_BITS
                || !key.getPublicExponent().equals(EXPONENT)
                || !Rsa.verifyRaw(key, identities, item.objectOf("CROSSCERT"))) {
            throw new Malformed("an onion key that does not know its relay");
        }
    }

    private static HeldDescriptor.Offered offered(List<String> bandwidth) throws Malformed {
        return new HeldDescriptor.Offered(
                Values.number(bandwidth.get(0), 1, Integer.MAX_VALUE),
                Values.number(bandwidth.get(1), 0, Integer.MAX_VALUE),
                Values.number(bandwidth.get(2), 0, Integer.MAX_VALUE));
    }

    private static List<String> policyLines(Items items) {
        List<Item> rules = new ArrayList<>(items.all("accept"));
        rules.addAll(items.all("reject"));
        rules.sort(Comparator.comparingInt(Item::position));
        return rules.stream().map(rule -> rule.keyword() + " " + rule.line()).toList();
    }

    private static String line(Items items, String keyword, String otherwise) {
        Item item = items.maybe(keyword);
        return item == null ? otherwise : item.line();
    }

    private static long number(@Nullable Item item) throws Malformed {
        return item == null ? 0 : Values.number(item.argument(0), 0, Long.MAX_VALUE);
    }

    /// As C tor: anything but a number above 0 means no.
    private static boolean isOn(@Nullable Item item) throws Malformed {
        return item != null && item.argument(0).matches("0*[1-9][0-9]{0,17}");
    }

    /// As C tor: a digest that is none counts as none.
    private static byte @Nullable [] sha1(String hex) {
        try {
            return Values.hex(hex, SHA1_BYTES);
        } catch (Malformed e) {
            return null;
        }
    }

    private static byte @Nullable [] sha256(List<String> arguments) {
        try {
            return arguments.size() < 2 ? null : Values.base64(arguments.get(1), SHA256_BYTES);
        } catch (Malformed e) {
            return null;
        }
    }
}
