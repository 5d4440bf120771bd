package sallyport.lab.traffic;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The far end on loopback: an HTTP server that knows what it sent and who asked, and answers three words
/// that are not HTTP.
///
/// - `GET /bytes/N` and `GET /bytes/N?seed=S`: the first N bytes of [Content] of that seed (default [#SEED])
/// - `POST /sink`: answers `LENGTH SHA256\n` of the body
/// - `POST /echo`: answers the body
/// - `GET /source`: answers the address that the connection came from
/// - `GET /slow/N` and `GET /slow/N?rate=R`: N zeros, R bytes a second
/// - `GET /reset/N`: promises more, sends N bytes, and resets the connection
/// - `SOURCE N`, a line: N bytes of content, then the end
/// - `SINK`, a line: takes bytes until their end and answers `LENGTH SHA256\n`
/// - `ECHO`, a line: sends back what comes, until its end
///
/// Streams with a fixed buffer per connection, whatever the size. A connection serves one request, like
/// HTTP/1.0.
public final class TestServer implements AutoCloseable {
    /// The seed of `/bytes/N` where the request names none.
    public static final long SEED = 1;

    private static final int BACKLOG = 1_024;

    private final List<String> sources = new CopyOnWriteArrayList<>();
    private final Content ordinary = Content.of(SEED);
    private final TestSite site = new TestSite(ordinary);
    private final Service service;

    private TestServer(ServerSocket listener) {
        service = Service.start(listener, this::serve);
    }

    /// Listens on the address, on a port of the system's choice.
    public static TestServer start(String address) throws IOException {
        return start(address, 0);
    }

    /// Listens on the address and port.
    public static TestServer start(String address, int port) throws IOException {
        return new TestServer(new ServerSocket(port, BACKLOG, InetAddress.ofLiteral(address)));
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return service.address();
    }

    /// The port where it listens.
    public int port() {
        return service.address().getPort();
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
        return service.connections().size();
    }

    /// What a client must have received from `/bytes/N`, as SHA-256 in lower-case hex.
    public String sha256(long length) {
        return ordinary.sha256(length);
    }

    @Override
    public void close() throws IOException {
        service.close();
    }

    private void serve(Socket socket) throws IOException, InterruptedException {
        sources.add(Addresses.text(socket.getInetAddress()));
        InputStream in = new BufferedInputStream(socket.getInputStream(), TestSite.BUFFER_BYTES);
        OutputStream out = new BufferedOutputStream(socket.getOutputStream(), TestSite.BUFFER_BYTES);
        site.serve(socket, in, out);
        out.flush();
        // A close with unread bytes would become a reset that overtakes the answer.
        socket.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream());
    }
}
