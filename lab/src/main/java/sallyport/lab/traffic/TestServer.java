package sallyport.lab.traffic;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The web site at the far end: an HTTP server on loopback that knows what it sent and who asked.
///
/// - `GET /bytes/N` and `GET /bytes/N?seed=S`: the first N bytes of [Content] of that seed (default [#SEED])
/// - `POST /sink`: answers `LENGTH SHA256\n` of the body
/// - `GET /source`: answers the address that the connection came from
///
/// Streams with a fixed buffer per connection, whatever the size. A connection serves one request, like HTTP/1.0.
public final class TestServer implements AutoCloseable {
    /// The seed of `/bytes/N` where the request names none.
    public static final long SEED = 1;

    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int BACKLOG = 1_024;

    private final ServerSocket listener;
    private final List<String> sources = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Content ordinary = Content.of(SEED);

    private TestServer(ServerSocket listener) {
        this.listener = listener;
    }

    /// Listens on the address, on a port of the system's choice.
    public static TestServer start(String address) throws IOException {
        return start(address, 0);
    }

    /// Listens on the address and port.
    public static TestServer start(String address, int port) throws IOException {
        TestServer server = new TestServer(new ServerSocket(port, BACKLOG, InetAddress.ofLiteral(address)));
        Thread.ofVirtual().name("test-server").start(server::acceptAll);
        return server;
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /// The port where it listens.
    public int port() {
        return listener.getLocalPort();
    }

    /// The source addresses of all connections so far, in order of arrival.
    public List<String> sources() {
        return List.copyOf(sources);
    }

    /// Forgets the source addresses.
    public void forgetSources() {
        sources.clear();
    }

    /// Connections open right now.
    public int openConnections() {
        return open.size();
    }

    /// What a client must have received from `/bytes/N`, as SHA-256 in lower-case hex.
    public String sha256(long length) {
        return ordinary.sha256(length);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sources.add(Addresses.text(socket.getInetAddress()));
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closedOrOutOfFds) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
            String request = SocksFetch.line(in);
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
            answer(socket, request, length, in, out);
            out.flush();
            // A close with unread bytes would become a reset that overtakes the answer.
            socket.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException | RuntimeException peerIsGone) {
            open.remove(socket);
        } finally {
            open.remove(socket);
        }
    }

    private void answer(Socket socket, String request, long length, InputStream in, OutputStream out)
            throws IOException {
        String[] words = request.split(" ", 3);
        String path = words.length < 2 ? "" : words[1];
        if (words[0].equals("GET") && path.startsWith("/bytes/")) {
            bytes(path.substring("/bytes/".length()), out);
        } else if (words[0].equals("POST") && path.startsWith("/sink")) {
            text(out, "200 OK", length + " " + digest(in, length) + "\n");
        } else if (words[0].equals("GET") && path.startsWith("/source")) {
            text(out, "200 OK", Addresses.text(socket.getInetAddress()) + "\n");
        } else {
            text(out, "404 Not Found", "there are /bytes/N, /sink and /source\n");
        }
    }

    private void bytes(String what, OutputStream out) throws IOException {
        String[] parts = what.split("\\?seed=", 2);
        long length = Long.parseLong(parts[0]);
        Content content = parts.length == 1 ? ordinary : Content.of(Long.parseLong(parts[1]));
        head(out, "200 OK", "application/octet-stream", length);
        content.writeTo(out, length);
    }

    private static String digest(InputStream in, long length) throws IOException {
        MessageDigest digest = Content.newSha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long left = length; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("the body ended early");
            }
            digest.update(buffer, 0, n);
            left -= n;
        }
        return HexFormat.of().formatHex(digest.digest());
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
