package sallyport.engine.compress;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;

/// zlib (RFC 1950) and gzip (RFC 1952): all streams that stand one after the other. The JDK's own readers pass over a
/// second stream whose head is broken, and over one that is cut; here that is an error.
final class Inflating {
    private static final int CHUNK_BYTES = 16 * 1024;

    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int GZIP_DEFLATE = 8;
    private static final int GZIP_TRAILER_BYTES = 8;
    // MTIME, XFL and OS.
    private static final int GZIP_IGNORED_BYTES = 6;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int FLAGS_RESERVED = 0xe0;

    private Inflating() {}

    static void zlib(byte[] body, Decompression.Output out) throws IOException {
        int at = 0;
        do {
            at = stream(body, at, false, null, out);
        } while (at < body.length);
    }

    static void gzip(byte[] body, Decompression.Output out) throws IOException {
        int at = 0;
        do {
            CRC32 crc = new CRC32();
            int end = stream(body, endOfGzipHead(body, at), true, crc, out);
            if (body.length - end < GZIP_TRAILER_BYTES || littleEndian(body, end) != (int) crc.getValue()) {
                throw new IOException("compressed data that ends early or is damaged");
            }
            at = end + GZIP_TRAILER_BYTES;
        } while (at < body.length);
    }

    /// One stream from `at`; returns where the next begins.
    private static int stream(byte[] body, int at, boolean raw, @Nullable CRC32 crc, Decompression.Output out)
            throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (Inflater inflater = new Inflater(raw)) {
            inflater.setInput(body, at, body.length - at);
            while (!inflater.finished()) {
                int n = inflater.inflate(chunk);
                if (n == 0 && !inflater.finished()) {
                    // Neither output nor an end: the input is used up, or asks for a dictionary.
                    throw new IOException("compressed data that ends early");
                }
                if (crc != null) {
                    crc.update(chunk, 0, n);
                }
                out.write(chunk, n);
            }
            return body.length - inflater.getRemaining();
        } catch (DataFormatException e) {
            throw new IOException("not compressed data", e);
        }
    }

    private static int endOfGzipHead(byte[] body, int at) throws IOException {
        try {
            Reader head = new Reader(body, at, body.length - at);
            if (head.u16() != GZIP_MAGIC || head.u8() != GZIP_DEFLATE) {
                throw new IOException("not compressed data");
            }
            int flags = head.u8();
            if ((flags & FLAGS_RESERVED) != 0) {
                throw new IOException("not compressed data");
            }
            head.skip(GZIP_IGNORED_BYTES);
            if ((flags & FLAG_EXTRA) != 0) {
                head.skip(head.u8() | head.u8() << 8);
            }
            if ((flags & FLAG_NAME) != 0) {
                skipText(head);
            }
            if ((flags & FLAG_COMMENT) != 0) {
                skipText(head);
            }
            if ((flags & FLAG_HEADER_CRC) != 0) {
                head.skip(2);
            }
            return body.length - head.remaining();
        } catch (Malformed e) {
            throw new IOException("compressed data that ends early", e);
        }
    }

    private static void skipText(Reader head) throws Malformed {
        while (head.u8() != 0) {
            // The text of a stranger, of no use here.
        }
    }

    private static int littleEndian(byte[] body, int at) {
        int value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << 8 | (body[at + i] & 0xff);
        }
        return value;
    }
}
