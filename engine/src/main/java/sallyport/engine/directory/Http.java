package sallyport.engine.directory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.compress.Compression;
import sallyport.engine.compress.Decompression;

/// The little of HTTP/1.0 that directories speak (dir-spec 6): writing a request, reading an answer under limits.
final class Http {
    // As C tor (MAX_HEADERS_SIZE).
    static final int HEADER_BYTES_MAX = 50_000;
    /// Ours: an authority's reasons fit; a log line stays one line.
    static final int REASON_CHARS_MAX = 200;

    private static final int CHUNK_BYTES = 16 * 1024;

    private Http() {}

    /// The request's bytes, body included.
    static byte[] encode(DirectoryRequest request, String host) {
        byte[] body = request.body();
        StringBuilder head = new StringBuilder(body == null ? "GET " : "POST ")
                .append(request.path())
                .append(" HTTP/1.0\r\nHost: ")
                .append(host)
                .append("\r\nAccept-Encoding: ")
                .append(Decompression.ACCEPTED)
                .append("\r\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (body != null) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        if (body != null) {
            out.writeBytes(body);
        }
        return out.toByteArray();
    }

    /// Reads an answer to its end, the end of the stream or what Content-Length says, whichever is first.
    ///
    /// @param bodyBytesMax of the body, before and after decompression
    static DirectoryResponse read(InputStream in, int bodyBytesMax) throws IOException {
        String[] lines = head(in).split("\r?\n", -1);
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        String[] words = lines[0].split(" ", 3);
        int status = status(words);
        byte[] body = decoded(headers.get("content-encoding"), body(in, headers, bodyBytesMax), bodyBytesMax);
        return new DirectoryResponse(status, printable(words.length > 2 ? words[2] : ""), headers, body);
    }

    /// Printable ASCII, bounded: what a stranger wrote may stand in our log only so.
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && out.length() < REASON_CHARS_MAX; i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return out.toString();
    }

    private static int status(String[] words) throws IOException {
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-9][0-9][0-9]")) {
            throw new IOException("not an HTTP answer");
        }
        return Integer.parseInt(words[1]);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int lineChars = 0;
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the answer ended within its head");
            }
            if (head.length() == HEADER_BYTES_MAX) {
                throw new IOException("the answer's head is too long");
            }
            if (c == '\n' && lineChars == 0) {
                return head.toString();
            }
            head.append((char) c);
            lineChars = c == '\n' ? 0 : c == '\r' ? lineChars : lineChars + 1;
        }
    }

    private static byte[] body(InputStream in, Map<String, String> headers, int bytesMax) throws IOException {
        String stated = headers.get("content-length");
        int length = stated == null ? -1 : length(stated, bytesMax);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        while (length < 0 || out.size() < length) {
            int wanted = length < 0 ? chunk.length : Math.min(chunk.length, length - out.size());
            int n = in.read(chunk, 0, wanted);
            if (n < 0) {
                break;
            }
            if (out.size() + n > bytesMax) {
                throw new IOException("the answer is too long");
            }
            out.write(chunk, 0, n);
        }
        if (length >= 0 && out.size() < length) {
            throw new IOException("the answer ended early");
        }
        return out.toByteArray();
    }

    private static int length(String stated, int bytesMax) throws IOException {
        if (!stated.matches("[0-9]{1,9}") || Integer.parseInt(stated) > bytesMax) {
            throw new IOException("the answer is too long");
        }
        return Integer.parseInt(stated);
    }

    private static byte[] decoded(@Nullable String encoding, byte[] body, int bytesMax) throws IOException {
        Compression how =
                encoding == null || encoding.isEmpty() ? Compression.IDENTITY : Compression.of(encoding.strip());
        if (how == null) {
            throw new IOException("an encoding we did not ask for");
        }
        return Decompression.decompress(how, body, bytesMax);
    }
}
