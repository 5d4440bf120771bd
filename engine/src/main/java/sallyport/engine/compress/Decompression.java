package sallyport.engine.compress;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.tukaani.xz.LZMAInputStream;

/// Decompressing what a stranger sent: bounded in output, in ratio and in the decoder's memory, over the whole body,
/// however many streams stand in it one after the other. What ends early is refused.
/// zstd is not read at all: its decoders work on bare memory, in Java too (docs/decisions/0007).
public final class Decompression {
    // As C tor (lib/compress): what swells beyond 25 times its size and 5 MiB is a bomb.
    static final int UNSUSPICIOUS_BYTES = 5 << 20;
    static final int RATIO_MAX = 25;
    /// What we ask others for, as the value of Accept-Encoding.
    public static final String ACCEPTED = "deflate, gzip, identity, x-tor-lzma";

    // As C tor (MEMORY_LIMIT): what a decoder of LZMA may take.
    static final int LZMA_MEMORY_KIB_MAX = 16 * 1024;
    static final int LZMA_DICTIONARY_BYTES_MAX = 8 << 20;

    private static final int CHUNK_BYTES = 16 * 1024;

    private Decompression() {}

    /// @param bytesMax of the result
    /// @throws IOException when it is no such data, ends early, or grows beyond the limits
    public static byte[] decompress(Compression how, byte[] body, int bytesMax) throws IOException {
        Output out = new Output(body.length, bytesMax);
        switch (how) {
            case IDENTITY -> out.write(body, body.length);
            case DEFLATE -> Inflating.zlib(body, out);
            case GZIP -> Inflating.gzip(body, out);
            case LZMA -> lzma(body, out);
            case ZSTD -> throw new IOException("an encoding we did not ask for");
        }
        return out.toByteArray();
    }

    private static void lzma(byte[] body, Output out) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(body);
        do {
            drain(new LZMAInputStream(in, LZMA_MEMORY_KIB_MAX), out);
        } while (in.available() > 0);
    }

    private static void drain(InputStream in, Output out) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            out.write(chunk, n);
        }
    }

    /// What comes out, counted.
    static final class Output {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final int compressedBytes;
        private final int bytesMax;

        Output(int compressedBytes, int bytesMax) {
            this.compressedBytes = compressedBytes;
            this.bytesMax = bytesMax;
        }

        void write(byte[] bytes, int length) throws IOException {
            long produced = (long) out.size() + length;
            if (produced > bytesMax) {
                throw new IOException("the answer is too long");
            }
            if (produced > UNSUSPICIOUS_BYTES && produced > (long) RATIO_MAX * compressedBytes) {
                throw new IOException("compressed data that swells suspiciously");
            }
            out.write(bytes, 0, length);
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }
    }
}
