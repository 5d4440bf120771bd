package sallyport.engine.crypto;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import sallyport.engine.bytes.Writer;

/// Writes the few DER elements (X.690) that RSA keys and link certificates are made of. Each method returns one whole
/// element: tag, length, content.
public final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int NULL = 0x05;
    static final int OBJECT_ID = 0x06;
    static final int UTF8_STRING = 0x0c;
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    static final int CONTEXT_0 = 0xa0;

    // RFC 5280 4.1.2.5: "dates through the year 2049 as UTCTime; dates in 2050 or later as GeneralizedTime".
    private static final int FIRST_GENERALIZED_YEAR = 2050;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Der() {}

    public static byte[] sequence(byte[]... parts) {
        return element(SEQUENCE, parts);
    }

    public static byte[] set(byte[]... parts) {
        return element(SET, parts);
    }

    /// The explicit tag `[0]`.
    public static byte[] context0(byte[] inner) {
        return element(CONTEXT_0, inner);
    }

    public static byte[] integer(BigInteger value) {
        return element(INTEGER, value.toByteArray());
    }

    public static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    /// A bit string without unused bits.
    public static byte[] bitString(byte[] bytes) {
        return element(BIT_STRING, new byte[] {0}, bytes);
    }

    public static byte[] nul() {
        return element(NULL);
    }

    /// An object identifier from its encoded content.
    public static byte[] oid(byte[] encoded) {
        return element(OBJECT_ID, encoded);
    }

    public static byte[] utf8(String text) {
        return element(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /// A point in time, whole seconds, in the form that X.509 prescribes for its year.
    public static byte[] time(Instant time) {
        String text = TIME.format(time);
        boolean generalized = time.atOffset(ZoneOffset.UTC).getYear() >= FIRST_GENERALIZED_YEAR;
        byte[] content = (generalized ? text : text.substring(2)).getBytes(StandardCharsets.US_ASCII);
        return element(generalized ? GENERALIZED_TIME : UTC_TIME, content);
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        Writer out = new Writer(length + 6).u8(tag);
        if (length < 0x80) {
            out.u8(length);
        } else if (length < 0x100) {
            out.u8(0x81).u8(length);
        } else if (length < 0x1_0000) {
            out.u8(0x82).u16(length);
        } else {
            throw new IllegalStateException("DER element longer than anything we write");
        }
        for (byte[] part : parts) {
            out.bytes(part);
        }
        return out.toBytes();
    }
}
