package sallyport.supervisor.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import sallyport.supervisor.admin.Operations;
import sallyport.supervisor.config.MetricsSpec;

/// `GET /metrics` on a loopback address, for whoever knows the token.
public final class MetricsEndpoint implements AutoCloseable {
    // Ours: a token that nobody guesses, and one line of a file.
    static final int TOKEN_CHARS_MIN = 16;
    static final int TOKEN_CHARS_MAX = 256;

    private static final String PATH = "/metrics";
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String SCHEME = "Bearer ";
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    private static final int WAITING_MAX = 16;

    // Limits of the JDK's server, which reads them once, when it is first used: connections; seconds for a request.
    static {
        System.setProperty("jdk.httpserver.maxConnections", "32");
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "60");
    }

    private final HttpServer server;
    private final ExecutorService executor;
    private final byte[] expected;
    private final String version;
    private final Operations operations;

    private MetricsEndpoint(HttpServer server, String token, String version, Operations operations) {
        this.server = server;
        this.executor = Executors.newVirtualThreadPerTaskExecutor();
        this.expected = (SCHEME + token).getBytes(StandardCharsets.UTF_8);
        this.version = version;
        this.operations = operations;
        server.setExecutor(executor);
        server.createContext("/", this::answer);
        server.start();
    }

    /// Listens.
    ///
    /// @throws IOException with a message for the operator: a token that is no secret, an address that is
    /// taken
    public static MetricsEndpoint open(MetricsSpec spec, String version, Operations operations) throws IOException {
        String token = token(spec.tokenFile());
        try {
            return new MetricsEndpoint(HttpServer.create(spec.listen(), WAITING_MAX), token, version, operations);
        } catch (IOException e) {
            throw new IOException("process.metrics.listen: " + e.getMessage(), e);
        }
    }

    static String token(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("process.metrics.token-file: " + file + " is no file; make it with:"
                    + " (umask 077; openssl rand -hex 32 > " + file + ")");
        }
        Set<PosixFilePermission> others = Files.getPosixFilePermissions(file);
        others.retainAll(OTHERS);
        if (!others.isEmpty()) {
            throw new IOException(
                    "process.metrics.token-file: others may read or write " + file + "; chmod 600 " + file);
        }
        String token = Files.readString(file).strip();
        if (token.length() < TOKEN_CHARS_MIN
                || token.length() > TOKEN_CHARS_MAX
                || !token.matches("[A-Za-z0-9._~+/=-]+")) {
            throw new IOException("process.metrics.token-file: " + file + " must hold " + TOKEN_CHARS_MIN + " to "
                    + TOKEN_CHARS_MAX + " letters, digits or ._~+/=- and nothing else");
        }
        return token;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            byte[] shown = given == null ? new byte[0] : given.getBytes(StandardCharsets.UTF_8);
            if (!MessageDigest.isEqual(expected, shown)) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer");
                exchange.sendResponseHeaders(401, -1);
            } else if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(405, -1);
            } else {
                byte[] page = RelayMetrics.page(
                                version, operations.host(), operations.loops(), operations.disk(), operations.relays())
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", TYPE);
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
