package sallyport.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.compress.Compression;
import sallyport.engine.compress.Compressor;

/// An authority, or whoever sits between, must not make us hold more than we said.
class HttpTest {
    private static DirectoryResponse read(String head, byte[] body, int max) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        return Http.read(new ByteArrayInputStream(all.toByteArray()), max);
    }

    private static byte[] deflated(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, new Deflater(9))) {
            deflater.write(plain);
        }
        return out.toByteArray();
    }

    @Test
    void writesARequestAsCTorDoes() {
        DirectoryRequest post =
                new DirectoryRequest("/tor/", Map.of("X-Desc-Gen-Reason", "first"), new byte[] {'x'}, 10, null);

        assertThat(new String(Http.encode(post, "127.0.0.1:7000"), StandardCharsets.US_ASCII))
                .isEqualTo(
                        "POST /tor/ HTTP/1.0\r\nHost: 127.0.0.1:7000\r\nAccept-Encoding: deflate, gzip, identity, x-tor-lzma\r\n"
                                + "X-Desc-Gen-Reason: first\r\nContent-Length: 1\r\n\r\nx");
    }

    @Test
    void readsToTheEndOrToTheStatedLength() throws IOException {
        byte[] body = {'a', 'b', 'c'};

        assertThat(read("HTTP/1.0 200 OK\r\n\r\n", body, 3).body()).containsExactly(body);
        assertThat(read("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n", body, 3).body())
                .containsExactly('a', 'b');
        assertThat(read("HTTP/1.0 200 OK\nX-Descriptor-Not-New: Yes\n\n", body, 3)
                        .header("x-descriptor-not-new"))
                .isEqualTo("Yes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Encoding: x-zstd\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Encoding: deflate\r\n\r\n",
                "HTTP/1.0 2000 OK\r\n\r\n",
                "HTTP/1.0\r\n\r\n",
                "SSH-2.0-x\r\n\r\n",
                "HTTP/1.0 200 OK\r\n"
            })
    void refusesWhatIsNoAnswer(String head) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(head, new byte[] {'a', 'b', 'c'}, 100));
    }

    @Test
    void refusesAnAnswerOneByteTooLong() throws IOException {
        assertThat(read("HTTP/1.0 200 OK\r\n\r\n", new byte[100], 100).body()).hasSize(100);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read("HTTP/1.0 200 OK\r\n\r\n", new byte[101], 100));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read("HTTP/1.0 200 " + "x".repeat(Http.HEADER_BYTES_MAX), new byte[0], 100));
    }

    @Test
    void aReasonIsBoundedAndPrintable() throws IOException {
        String reason = read("HTTP/1.0 400 bad\u001b[31m\u00e9" + "x".repeat(500) + "\r\n\r\n", new byte[0], 1)
                .reason();

        assertThat(reason).hasSize(Http.REASON_CHARS_MAX).startsWith("bad?[31m?xxx");
    }

    @Test
    void inflatesOneOrSeveralStreams() throws IOException {
        byte[] plain = "network-status-version 3\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.writeBytes(deflated(plain));
        twice.writeBytes(deflated(plain));

        assertThat(read("HTTP/1.0 200 OK\r\nContent-Encoding: deflate\r\n\r\n", deflated(plain), 1 << 20)
                        .body())
                .containsExactly(plain);
        assertThat(read("HTTP/1.0 200 OK\r\nContent-Encoding: deflate\r\n\r\n", twice.toByteArray(), 1 << 20)
                        .body())
                .hasSize(2 * plain.length);
    }

    @Test
    void takesEveryEncodingThatItAsksFor() throws IOException {
        byte[] plain = "network-status-version 3\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        for (Compression how : EnumSet.complementOf(EnumSet.of(Compression.ZSTD))) {
            String head = "HTTP/1.0 200 OK\r\nContent-Encoding: " + how.word() + "\r\n\r\n";
            assertThat(read(head, Compressor.compress(how, plain), 1 << 20).body())
                    .isEqualTo(plain);
        }
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read("HTTP/1.0 200 OK\r\nContent-Encoding: br\r\n\r\n", plain, 1 << 20));
    }

    @Test
    void anyBytesAreAnAnswerOrAnIoException() throws IOException {
        byte[] real = ("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: deflate\r\n"
                        + "Content-Length: 24\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(real);
        whole.writeBytes(deflated(new byte[5000]));
        Random random = new Random(7);
        for (int round = 0; round < 5000; round++) {
            byte[] bytes = whole.toByteArray();
            for (int n = random.nextInt(5); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Http.read(new ByteArrayInputStream(bytes), 10_000).body())
                        .hasSizeLessThanOrEqualTo(10_000);
            } catch (IOException e) {
                // as it should
            }
        }
    }
}
