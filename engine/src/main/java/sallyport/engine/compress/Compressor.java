package sallyport.engine.compress;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;

/// Compresses one document piece by piece. Not for several threads at once.
public final class Compressor implements AutoCloseable {
    // Ours: what one stream's zlib takes outside the heap (deflateInit: 2^17 + 2^17 bytes) and what waits inside.
    private static final int ZLIB_BYTES = 280 * 1024;
    // Ours: tables and the window of zstd's level 3 for an input of unknown length.
    private static final int ZSTD_BYTES = 5 * 1024 * 1024;
    // C tor tells LZMA by its first three bytes: the lower half of the dictionary's size must be zero.
    private static final int LZMA_DICTIONARY_BYTES_MIN = 1 << 16;
    private static final int BUFFER_BYTES = 8 * 1024;

    /// How hard to try.
    public enum Effort {
        /// For one client, on its loop: as C tor's LOW.
        LOW(Deflater.BEST_SPEED),
        /// Once for all clients, on a worker.
        HIGH(Deflater.BEST_COMPRESSION);

        private final int zlibLevel;

        Effort(int zlibLevel) {
            this.zlibLevel = zlibLevel;
        }
    }

    private final ByteArrayOutputStream made = new ByteArrayOutputStream();
    private final OutputStream into;
    private final @Nullable Deflater deflater;
    private final int heldBytes;

    /// For a document of any length; LZMA, whose tables grow with the document, is made by [#compress] alone.
    public Compressor(Compression how, Effort effort) {
        try {
            switch (how) {
                case IDENTITY -> {
                    deflater = null;
                    into = made;
                    heldBytes = 0;
                }
                case DEFLATE -> {
                    deflater = new Deflater(effort.zlibLevel);
                    into = new DeflaterOutputStream(made, deflater, BUFFER_BYTES);
                    heldBytes = ZLIB_BYTES;
                }
                case GZIP -> {
                    GZip gzip = new GZip(made, effort.zlibLevel);
                    deflater = gzip.deflater();
                    into = gzip;
                    heldBytes = ZLIB_BYTES;
                }
                case ZSTD -> {
                    deflater = null;
                    into = new ZstdOutputStream(made);
                    heldBytes = ZSTD_BYTES;
                }
                case LZMA -> throw new IllegalArgumentException("LZMA piece by piece");
                default -> throw new IllegalStateException(how.name());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The whole document at once, as small as it gets.
    public static byte[] compress(Compression how, byte[] document) {
        if (how == Compression.LZMA) {
            return lzma(document);
        }
        try (Compressor compressor = new Compressor(how, Effort.HIGH)) {
            compressor.write(document, 0, document.length);
            compressor.finish();
            return compressor.take();
        }
    }

    /// Takes the next bytes.
    public void write(byte[] bytes, int offset, int length) {
        try {
            into.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// No more bytes will come.
    public void finish() {
        try {
            into.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is compressed by now and was not taken yet; after [#finish] all of it.
    public byte[] take() {
        byte[] bytes = made.toByteArray();
        made.reset();
        return bytes;
    }

    /// About how many bytes it holds while it works.
    public int heldBytes() {
        return heldBytes;
    }

    /// Frees what lies outside the heap.
    @Override
    public void close() {
        if (deflater != null) {
            deflater.end();
        }
    }

    private static byte[] lzma(byte[] document) {
        try {
            LZMA2Options options = new LZMA2Options();
            // As small a dictionary as spans the document: the decoder of C tor has 16 MiB in all, and the tables of
            // the encoder are some eight times its size.
            int dictionary = Integer.highestOneBit(Math.max(document.length, LZMA_DICTIONARY_BYTES_MIN)) << 1;
            options.setDictSize(Math.min(dictionary, Decompression.LZMA_DICTIONARY_BYTES_MAX));
            options.setMode(LZMA2Options.MODE_NORMAL);
            options.setMatchFinder(LZMA2Options.MF_HC4);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            // Without a stated length, as C tor's encoder writes it.
            try (LZMAOutputStream lzma = new LZMAOutputStream(out, options, -1)) {
                lzma.write(document);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// gzip with a level of ours.
    private static final class GZip extends GZIPOutputStream {
        GZip(OutputStream out, int level) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(level);
        }

        Deflater deflater() {
            return def;
        }
    }
}
