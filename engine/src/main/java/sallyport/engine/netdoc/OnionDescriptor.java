package sallyport.engine.netdoc;

import java.time.Instant;
import java.util.Arrays;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cert.EdCert;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.netdoc.Rule.ObjectRule;
import sallyport.engine.netdoc.Rule.Place;

/// The outer part of an onion service's descriptor (rend-spec-v3 "Outer wrapper"), verified: all that a directory can
/// read of it. Whose service it is, it does not tell.
///
/// @param blindedKey under which it is asked for, 32 bytes
/// @param lifetimeSeconds after it arrived it may be served for so long
/// @param revision of two descriptors of one key the greater one counts; unsigned
/// @param encoded the whole text
@SuppressWarnings("ArrayRecordComponent")
public record OnionDescriptor(byte[] blindedKey, int lifetimeSeconds, long revision, byte[] encoded) {
    private static final int VERSION = 3;
    // rend-spec-v3: "descriptor-lifetime" is in minutes, "30 minutes to 720"; C tor takes less as well.
    private static final int LIFETIME_MINUTES_MAX = 720;
    // Salt and MAC, and at least one byte between them.
    private static final int SEALED_BYTES_MIN = 16 + 32 + 1;
    private static final int REVISION_DIGITS_MAX = 20;
    private static final int SIGNATURE_CHARS = 86;
    private static final byte[] SIGNATURE_PREFIX = Search.ascii("Tor onion service descriptor sig v3");
    private static final byte[] SIGNATURE_LINE = Search.ascii("\nsignature ");

    private static final Syntax SYNTAX = Syntax.of(
            Rule.once("hs-descriptor", 1).at(Place.FIRST),
            Rule.once("descriptor-lifetime", 1),
            Rule.once("descriptor-signing-key-cert", 0).with(ObjectRule.NEEDED),
            Rule.once("revision-counter", 1),
            Rule.once("superencrypted", 0).with(ObjectRule.NEEDED),
            Rule.once("signature", 1).at(Place.LAST));

    /// Reads and verifies: two signatures, not for a loop.
    ///
    /// @param text kept, not to be changed
    /// @throws Malformed for what no honest service writes
    /// @throws Refused when a signature does not hold or the certificate has expired
    public static OnionDescriptor verified(byte[] text, Instant now) throws Malformed, Refused {
        Items items = Items.read(text, 0, text.length, SYNTAX);
        if (Values.number(only(items, "hs-descriptor"), 0, Integer.MAX_VALUE) != VERSION) {
            throw new Malformed("an onion descriptor of another version");
        }
        int minutes = (int) Values.number(only(items, "descriptor-lifetime"), 0, LIFETIME_MINUTES_MAX);
        long revision = revision(only(items, "revision-counter"));
        if (sealed(items).length < SEALED_BYTES_MIN) {
            throw new Malformed("an onion descriptor that seals nothing");
        }
        EdCert cert = EdCert.decode(object(items, "descriptor-signing-key-cert", "ED25519 CERT"));
        byte[] blindedKey = cert.signingKey();
        if (cert.certType() != EdCert.ONION_DESCRIPTOR_SIGNING || blindedKey == null) {
            throw new Malformed("an onion descriptor with another certificate");
        }
        verify(items, text, cert, blindedKey, now);
        return new OnionDescriptor(blindedKey, 60 * minutes, revision, text);
    }

    private static void verify(Items items, byte[] text, EdCert cert, byte[] blindedKey, Instant now)
            throws Malformed, Refused {
        String base64 = only(items, "signature");
        int signedLength = Search.indexOf(text, 0, text.length, SIGNATURE_LINE) + 1;
        if (base64.length() != SIGNATURE_CHARS || signedLength == 0) {
            throw new Malformed("an onion descriptor's signature");
        }
        byte[] signature = Values.base64(base64, Ed25519.SIGNATURE_LENGTH);
        byte[] signed = Arrays.copyOf(SIGNATURE_PREFIX, SIGNATURE_PREFIX.length + signedLength);
        System.arraycopy(text, 0, signed, SIGNATURE_PREFIX.length, signedLength);
        cert.verify(blindedKey, now);
        if (!Ed25519.verify(cert.certifiedKey(), signed, signature)) {
            throw new Refused(Refused.Reason.BAD_SIGNATURE);
        }
    }

    private static byte[] sealed(Items items) throws Malformed {
        return object(items, "superencrypted", "MESSAGE");
    }

    /// The object of a line that has no arguments.
    private static byte[] object(Items items, String keyword, String type) throws Malformed {
        Item item = items.one(keyword);
        if (!item.line().isEmpty()) {
            throw new Malformed("too many arguments in a line");
        }
        return item.objectOf(type);
    }

    /// The argument of a line that has one.
    private static String only(Items items, String keyword) throws Malformed {
        Item item = items.one(keyword);
        if (item.arguments().size() != 1) {
            throw new Malformed("too many arguments in a line");
        }
        return item.argument(0);
    }

    private static long revision(String text) throws Malformed {
        if (text.length() > REVISION_DIGITS_MAX || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Malformed("not a number");
        }
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new Malformed("a number out of its range");
        }
    }

    /// Whether it is newer than another one of the same key.
    public boolean isNewerThan(OnionDescriptor other) {
        return Long.compareUnsigned(revision, other.revision) > 0;
    }
}
