package sallyport.supervisor.config;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;

/// Reads `process.metrics { ... }`.
final class MetricsReader {
    private static final String EXAMPLE =
            "metrics { listen = \"127.0.0.1:9035\", token-file = \"/etc/sallyport/metrics.token\" }";

    private static final String LISTEN_EXAMPLE = "\"127.0.0.1:9035\"";
    private static final String TOKEN_EXAMPLE = "\"/etc/sallyport/metrics.token\"";
    // What guides for C tor write.
    private static final int PORT = 9035;

    private MetricsReader() {}

    /// Null where there is none, or one with problems.
    static @Nullable MetricsSpec read(Section process) {
        Value value = process.optional("metrics");
        Section section = value == null ? null : value.section(EXAMPLE);
        if (section == null) {
            return null;
        }
        InetSocketAddress listen = listen(section.required("listen", LISTEN_EXAMPLE));
        Path tokenFile = tokenFile(section.required("token-file", TOKEN_EXAMPLE));
        section.finish();
        return listen == null || tokenFile == null ? null : new MetricsSpec(listen, tokenFile);
    }

    private static @Nullable InetSocketAddress listen(@Nullable Value value) {
        RelayAddress listen = value == null ? null : Addresses.withPort(value, PORT, LISTEN_EXAMPLE);
        if (value != null && listen != null && !listen.inet().isLoopbackAddress()) {
            value.problem(
                    "is " + value.shown() + ", which others can reach, and the figures of single relays are for their"
                            + " operator alone",
                    "write an address of the loopback, and let a proxy with TLS stand before it where Prometheus runs"
                            + " elsewhere");
            return null;
        }
        return listen == null ? null : listen.socket();
    }

    private static @Nullable Path tokenFile(@Nullable Value value) {
        String text = value == null ? null : value.text(TOKEN_EXAMPLE);
        if (value == null || text == null) {
            return null;
        }
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            // Said below.
        }
        value.problem(
                "is " + value.shown() + ", not an absolute path", "begin it with /, as /etc/sallyport/metrics.token");
        return null;
    }
}
