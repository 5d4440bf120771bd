package sallyport.lab.exit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A download that takes its time, so that something can happen to its relay meanwhile; the rest comes at
/// once when it is told to finish.
final class SteadyDownload {
    private static final int LENGTH = 16 << 20;
    private static final int PIECE = 32 << 10;
    private static final long PAUSE_MILLIS = 100;

    private final CompletableFuture<String> digest = new CompletableFuture<>();
    private volatile boolean finishes;
    private volatile long read;

    /// Begins.
    ///
    /// @param socket to the test server; closed at the end
    static SteadyDownload begin(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(("GET /bytes/" + LENGTH + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        SteadyDownload download = new SteadyDownload();
        Thread.ofVirtual().name("download").start(() -> download.run(socket));
        return download;
    }

    static long length() {
        return LENGTH;
    }

    /// Bytes so far.
    long read() {
        return read;
    }

    /// Reads what is left as fast as it comes, and returns the SHA-256 of the whole in hex.
    String finish(Duration limit) throws Exception {
        finishes = true;
        return digest.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            skipHead(in);
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            long count = 0;
            while (true) {
                byte[] piece = in.readNBytes(PIECE);
                if (piece.length == 0) {
                    digest.complete(HexFormat.of().formatHex(sha256.digest()));
                    return;
                }
                sha256.update(piece);
                count += piece.length;
                read = count;
                if (!finishes) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (Exception e) {
            digest.completeExceptionally(e);
        }
    }

    private static void skipHead(InputStream in) throws IOException {
        for (int ends = 0; ends < 4; ) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no answer");
            }
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
        }
    }
}
