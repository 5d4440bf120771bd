package sallyport.lab.traffic;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/// What a [TestServer] answers on one connection.
final class TestSite {
    static final int BUFFER_BYTES = 256 * 1024;

    // Ours: what a person on a bad line gets, in bytes a second.
    private static final int SLOW_RATE = 1_000;
    private static final int SLOW_PIECES_PER_SECOND = 10;

    private final Content ordinary;

    /// @param ordinary what is sent where a request names no seed
    TestSite(Content ordinary) {
        this.ordinary = ordinary;
    }

    /// Reads one request and answers it.
    void serve(Socket socket, InputStream in, OutputStream out) throws IOException, InterruptedException {
        String request = SocksFetch.line(in);
        String[] words = request.split(" ", 3);
        String what = words.length < 2 ? "" : words[1];
        switch (words[0]) {
            case "SOURCE" -> content(what, out);
            case "SINK" -> out.write(taken(in, Long.MAX_VALUE).getBytes(StandardCharsets.US_ASCII));
            case "ECHO" -> echo(in, out);
            default -> http(socket, words[0], what, in, out);
        }
    }

    private void http(Socket socket, String method, String path, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        long length = 0;
        boolean waitsForContinue = false;
        for (String line = SocksFetch.line(in); !line.isEmpty(); line = SocksFetch.line(in)) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Long.parseLong(header.substring(15).strip());
            }
            waitsForContinue |= header.startsWith("expect:") && header.contains("100-continue");
        }
        if (waitsForContinue) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        String[] parts = path.split("/", 3);
        String rest = parts.length < 3 ? "" : parts[2];
        switch (method + " " + (parts.length < 2 ? "" : parts[1])) {
            case "GET bytes" -> {
                head(out, "200 OK", "application/octet-stream", number(rest));
                content(rest, out);
            }
            case "GET slow" -> slow(rest, out);
            case "GET reset" -> reset(socket, number(rest), out);
            case "POST sink" -> text(out, "200 OK", taken(in, length));
            case "POST echo" -> {
                head(out, "200 OK", "application/octet-stream", length);
                copy(in, out, length);
            }
            case "GET source" -> text(out, "200 OK", Addresses.text(socket.getInetAddress()) + "\n");
            default -> text(out, "404 Not Found", "there are /bytes/N, /slow/N, /reset/N, /sink, /echo and /source\n");
        }
    }

    /// `N` or `N?seed=S`.
    private void content(String what, OutputStream out) throws IOException {
        long seed = option(what, "seed", TestServer.SEED);
        (seed == TestServer.SEED ? ordinary : Content.of(seed)).writeTo(out, number(what));
    }

    /// `N` or `N?rate=R`.
    private static void slow(String what, OutputStream out) throws IOException, InterruptedException {
        long length = number(what);
        long piece = Math.max(1, option(what, "rate", SLOW_RATE) / SLOW_PIECES_PER_SECOND);
        head(out, "200 OK", "application/octet-stream", length);
        for (long left = length; left > 0; left -= piece) {
            out.write(new byte[(int) Math.min(left, piece)]);
            out.flush();
            Thread.sleep(1_000 / SLOW_PIECES_PER_SECOND);
        }
    }

    /// Promises twice as much as it sends, then resets the connection.
    private void reset(Socket socket, long length, OutputStream out) throws IOException, InterruptedException {
        head(out, "200 OK", "application/octet-stream", 2 * length);
        ordinary.writeTo(out, length);
        out.flush();
        // A reset overtakes what the system still holds.
        Thread.sleep(1_000 / SLOW_PIECES_PER_SECOND);
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void echo(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            out.flush();
        }
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long left = length; left > 0; ) {
            int n = read(in, buffer, left);
            out.write(buffer, 0, n);
            out.flush();
            left -= n;
        }
    }

    /// `LENGTH SHA256` of that many bytes, or of all there are.
    private static String taken(InputStream in, long length) throws IOException {
        MessageDigest digest = Content.newSha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long taken = 0;
        while (taken < length) {
            int n = length == Long.MAX_VALUE ? in.read(buffer) : read(in, buffer, length - taken);
            if (n < 0) {
                break;
            }
            digest.update(buffer, 0, n);
            taken += n;
        }
        return taken + " " + HexFormat.of().formatHex(digest.digest()) + "\n";
    }

    private static int read(InputStream in, byte[] buffer, long left) throws IOException {
        int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (n < 0) {
            throw new EOFException("the body ended early");
        }
        return n;
    }

    private static long number(String what) {
        return Long.parseLong(what.split("\\?", 2)[0]);
    }

    private static long option(String what, String name, long otherwise) {
        String[] parts = what.split("\\?" + name + "=", 2);
        return parts.length == 1 ? otherwise : Long.parseLong(parts[1]);
    }

    private static void text(OutputStream out, String status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        head(out, status, "text/plain", bytes.length);
        out.write(bytes);
    }

    private static void head(OutputStream out, String status, String type, long length) throws IOException {
        out.write(("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + length
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }
}
