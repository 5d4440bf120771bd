package sallyport.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;

/// Whoever answers us, or sits between, must not make us hold more than we said.
class DecompressionTest {
    private static final int PLENTY = 64 << 20;

    private static byte[] text(int lines) {
        StringBuilder text = new StringBuilder();
        Random random = new Random(lines);
        for (int i = 0; i < lines; i++) {
            text.append("r relay")
                    .append(i)
                    .append(' ')
                    .append(Long.toHexString(random.nextLong()))
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "ZSTD", mode = EnumSource.Mode.EXCLUDE)
    void whatIsCompressedComesBack(Compression how) throws IOException {
        for (int lines : new int[] {0, 1, 100, 20_000}) {
            byte[] plain = text(lines);
            byte[] packed = Compressor.compress(how, plain);
            assertThat(Decompression.decompress(how, packed, PLENTY)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IDENTITY", "DEFLATE", "GZIP", "ZSTD"})
    void piecesMakeTheSameDocument(Compression how) throws IOException {
        byte[] plain = text(20_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Compressor compressor = new Compressor(how, Compressor.Effort.LOW)) {
            for (int from = 0; from < plain.length; from += 16_000) {
                compressor.write(plain, from, Math.min(16_000, plain.length - from));
                out.writeBytes(compressor.take());
            }
            compressor.finish();
            out.writeBytes(compressor.take());
        }
        assertThat(Unpacked.of(how, out.toByteArray())).isEqualTo(plain);
    }

    /// C tor 0.4.9.11's ChangeLog: the ratio counts over the whole body, not over each stream in it.
    @ParameterizedTest
    @EnumSource(names = {"DEFLATE", "GZIP", "LZMA"})
    void aBombOfConcatenatedStreamsIsRefused(Compression how) throws IOException {
        byte[] small = Compressor.compress(how, new byte[Decompression.UNSUSPICIOUS_BYTES / 2]);
        byte[] twice = Arrays.copyOf(small, 2 * small.length);
        System.arraycopy(small, 0, twice, small.length, small.length);
        byte[] thrice = Arrays.copyOf(twice, 3 * small.length);
        System.arraycopy(small, 0, thrice, 2 * small.length, small.length);

        assertThat(Decompression.decompress(how, twice, PLENTY)).hasSize(Decompression.UNSUSPICIOUS_BYTES);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Decompression.decompress(how, thrice, PLENTY))
                .withMessageContaining("swells");
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "ZSTD", mode = EnumSource.Mode.EXCLUDE)
    void oneByteTooManyIsRefused(Compression how) throws IOException {
        byte[] packed = Compressor.compress(how, text(100));
        int length = text(100).length;
        assertThat(Decompression.decompress(how, packed, length)).hasSize(length);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Decompression.decompress(how, packed, length - 1))
                .withMessageContaining("too long");
    }

    /// C tor's ChangeLog names truncated gzip; here every cut of every encoding.
    @ParameterizedTest
    @EnumSource(names = {"DEFLATE", "GZIP", "LZMA"})
    void dataThatEndsEarlyIsRefused(Compression how) {
        byte[] whole = Compressor.compress(how, text(50));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(IOException.class)
                    .as("%s bytes of %s", length, whole.length)
                    .isThrownBy(() -> Decompression.decompress(how, cut, PLENTY));
        }
    }

    /// The JDK's reader of gzip passes over a second member that is cut.
    @Test
    void aSecondGzipMemberThatIsCutIsRefused() {
        byte[] one = Compressor.compress(Compression.GZIP, text(50));
        for (int more = 1; more < one.length; more++) {
            byte[] both = Arrays.copyOf(one, one.length + more);
            System.arraycopy(one, 0, both, one.length, more);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> Decompression.decompress(Compression.GZIP, both, PLENTY));
        }
    }

    /// A decoder that wants more than 16 MiB, as C tor's limit, gets none, whatever the data.
    @Test
    void lzmaWithAHugeDictionaryIsRefused() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LZMA2Options options = new LZMA2Options(0);
        try (LZMAOutputStream lzma = new LZMAOutputStream(out, options, -1)) {
            lzma.write(text(10));
        }
        byte[] honest = out.toByteArray();
        assertThat(Decompression.decompress(Compression.LZMA, honest, PLENTY)).isEqualTo(text(10));
        // The dictionary's size stands little-endian behind the properties.
        honest[4] = 0x10;
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Decompression.decompress(Compression.LZMA, honest, PLENTY));
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, names = "ZSTD", mode = EnumSource.Mode.EXCLUDE)
    void anyBytesAreADocumentOrAnIoException(Compression how) throws IOException {
        byte[] whole = Compressor.compress(how, text(200));
        Random random = new Random(how.name().hashCode());
        for (int round = 0; round < 500; round++) {
            byte[] bytes = whole.clone();
            for (int n = random.nextInt(5); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Decompression.decompress(how, bytes, 50_000)).hasSizeLessThanOrEqualTo(50_000);
            } catch (IOException e) {
                // as it should
            }
        }
    }

    @Test
    void zstdIsMadeAndNotRead() throws IOException {
        byte[] packed = Compressor.compress(Compression.ZSTD, text(1000));
        assertThat(Unpacked.of(Compression.ZSTD, packed)).isEqualTo(text(1000));
        assertThat(Decompression.ACCEPTED).doesNotContain(Compression.ZSTD.word());
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Decompression.decompress(Compression.ZSTD, packed, PLENTY));
    }

    /// The heads by which C tor recognizes encodings (lib/compress/compress.c).
    @Test
    void theFormatsAreThoseOfCTor() {
        assertThat(Compressor.compress(Compression.GZIP, text(9))).startsWith(0x1f, 0x8b);
        assertThat(Compressor.compress(Compression.DEFLATE, text(9))).startsWith(0x78);
        assertThat(Compressor.compress(Compression.LZMA, text(9))).startsWith(0x5d, 0, 0);
        assertThat(Compressor.compress(Compression.ZSTD, text(9))).startsWith(0x28, 0xb5, 0x2f, 0xfd);
    }
}
