package sallyport.engine.directory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Bounded decompression of `Content-Encoding: deflate` (zlib's format).
final class Inflating {
    // As C tor (lib/compress): what swells beyond 25 times its size and 5 MiB is a bomb.
    static final int UNSUSPICIOUS_BYTES = 5 << 20;
    static final int RATIO_MAX = 25;

    private static final int CHUNK_BYTES = 16 * 1024;

    private Inflating() {}

    /// Inflates all streams that stand one after the other, their output counted together.
    ///
    /// @throws IOException when it is no such data, ends early, or grows beyond the limits
    static byte[] inflate(byte[] compressed, int bytesMax) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        int at = 0;
        try (Inflater inflater = new Inflater()) {
            while (at < compressed.length) {
                inflater.reset();
                inflater.setInput(compressed, at, compressed.length - at);
                while (!inflater.finished()) {
                    int n = inflater.inflate(chunk);
                    if (n == 0 && !inflater.finished()) {
                        // Neither output nor an end: the input is used up, or asks for a dictionary.
                        throw new IOException("compressed data that ends early");
                    }
                    out.write(chunk, 0, n);
                    check(out.size(), compressed.length, bytesMax);
                }
                at = compressed.length - inflater.getRemaining();
            }
        } catch (DataFormatException e) {
            throw new IOException("not compressed data", e);
        }
        return out.toByteArray();
    }

    private static void check(int produced, int consumed, int bytesMax) throws IOException {
        if (produced > bytesMax) {
            throw new IOException("the answer is too long");
        }
        if (produced > UNSUSPICIOUS_BYTES && produced > (long) RATIO_MAX * consumed) {
            throw new IOException("compressed data that swells suspiciously");
        }
    }
}
