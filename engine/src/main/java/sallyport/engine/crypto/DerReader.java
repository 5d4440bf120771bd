package sallyport.engine.crypto;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;

/// Reads DER elements one after another, never past the end and never recursively: who wants to go deeper asks for a
/// reader of the inner bytes. Definite lengths only.
public final class DerReader {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private final byte[] array;
    private final Reader in;

    public DerReader(byte[] der) {
        array = der;
        in = new Reader(der);
    }

    public boolean atEnd() {
        return in.remaining() == 0;
    }

    /// Fails unless everything was read.
    public void end() throws Malformed {
        if (in.remaining() != 0) {
            throw new Malformed("DER: bytes after the end");
        }
    }

    /// A reader of a SEQUENCE's content.
    public DerReader sequence() throws Malformed {
        return new DerReader(content(Der.SEQUENCE));
    }

    public BigInteger integer() throws Malformed {
        byte[] content = content(Der.INTEGER);
        if (content.length == 0) {
            throw new Malformed("DER: empty integer");
        }
        return new BigInteger(content);
    }

    /// The bytes of a bit string that leaves no bit unused.
    public byte[] bitString() throws Malformed {
        Reader content = new Reader(content(Der.BIT_STRING));
        if (content.u8() != 0) {
            throw new Malformed("DER: unused bits");
        }
        return content.rest();
    }

    /// The encoded content of an object identifier, at least one byte.
    public byte[] oid() throws Malformed {
        byte[] content = content(Der.OBJECT_ID);
        if (content.length == 0) {
            throw new Malformed("DER: empty object identifier");
        }
        return content;
    }

    /// A UTCTime or a GeneralizedTime, in seconds and in UTC.
    public Instant time() throws Malformed {
        int tag = peekTag();
        byte[] content = content(tag);
        String text = new String(content, StandardCharsets.US_ASCII);
        if (tag == Der.UTC_TIME && content.length == 13) {
            // RFC 5280 4.1.2.5.1: "Where YY is greater than or equal to 50, the year SHALL be interpreted as 19YY".
            text = (text.charAt(0) >= '5' ? "19" : "20") + text;
        } else if (tag != Der.GENERALIZED_TIME || content.length != 15) {
            throw new Malformed("DER: not a time");
        }
        try {
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new Malformed("DER: not a time");
        }
    }

    /// The tag of the next element, or -1 at the end.
    public int peekTag() {
        return atEnd() ? -1 : array[in.position()] & 0xff;
    }

    /// Whether the next element has that tag; it is skipped when it has.
    public boolean skipIf(int tag) throws Malformed {
        if (peekTag() != tag) {
            return false;
        }
        content(tag);
        return true;
    }

    /// The next element whole, with tag and length.
    public byte[] element() throws Malformed {
        int start = in.position();
        content(peekTag());
        int length = in.position() - start;
        byte[] out = new byte[length];
        System.arraycopy(array, start, out, 0, length);
        return out;
    }

    private byte[] content(int tag) throws Malformed {
        if (in.u8() != tag) {
            throw new Malformed("DER: unexpected element");
        }
        int length = in.u8();
        if (length >= 0x80) {
            length = switch (length) {
                case 0x81 -> in.u8();
                case 0x82 -> in.u16();
                default -> throw new Malformed("DER: length");
            };
        }
        return in.bytes(length);
    }
}
