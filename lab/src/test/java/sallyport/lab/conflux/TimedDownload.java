package sallyport.lab.conflux;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import sallyport.lab.traffic.SocksFetch;

/// One download that tells how far it is and how long it ever waited for the next byte.
final class TimedDownload {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final SocksFetch from;
    private final InetSocketAddress server;
    private final long length;
    private final AtomicLong arrived = new AtomicLong();
    private long longestPauseNanos;

    TimedDownload(SocksFetch from, InetSocketAddress server, long length) {
        this.from = from;
        this.server = server;
        this.length = length;
    }

    /// Bytes of the body so far. From any thread.
    long arrived() {
        return arrived.get();
    }

    /// The longest time without a byte; for whoever waited for the end.
    Duration longestPause() {
        return Duration.ofNanos(longestPauseNanos);
    }

    /// Reads until the server or the circuit ends it.
    ///
    /// @return the SHA-256 of what came, lower-case hex
    String run() throws IOException {
        MessageDigest digest = sha256();
        try (Socket socket = from.open(server.getAddress().getHostAddress(), server.getPort())) {
            String request = "GET /bytes/" + length + " HTTP/1.0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            long before = System.nanoTime();
            skipHead(in);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                long now = System.nanoTime();
                longestPauseNanos = Math.max(longestPauseNanos, now - before);
                before = now;
                digest.update(buffer, 0, n);
                arrived.addAndGet(n);
            }
            longestPauseNanos = Math.max(longestPauseNanos, System.nanoTime() - before);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void skipHead(InputStream in) throws IOException {
        for (int last = 0, ends = 0; ends < 2; ) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the head never ended");
            }
            ends = b == '\n' ? (last == '\n' ? 2 : 1) : ends;
            last = b == '\r' ? last : b;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
