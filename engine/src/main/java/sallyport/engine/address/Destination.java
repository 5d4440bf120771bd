package sallyport.engine.address;

import org.jspecify.annotations.Nullable;

/// Where a client wants to go: a name or an IP literal, and a port. It is used and forgotten; it never prints itself.
public final class Destination {
    private final String host;
    private final byte @Nullable [] ip;
    private final int port;

    private Destination(String host, byte @Nullable [] ip, int port) {
        this.host = host;
        this.ip = ip;
        this.port = port;
    }

    /// @param host a name, `1.2.3.4` or `[v6]`; port 1..65535
    public static Destination of(String host, int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port");
        }
        return new Destination(host, Ip.parse(host), port);
    }

    public static Destination of(byte[] ip, int port) {
        return new Destination("", ip.clone(), port);
    }

    /// The 4 or 16 bytes when the client gave a literal; null when it gave a name.
    public byte @Nullable [] literal() {
        return ip == null ? null : ip.clone();
    }

    /// The name as the client wrote it; for the resolver alone.
    public String nameForResolver() {
        return host;
    }

    public int port() {
        return port;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Destination other
                && port == other.port
                && host.equals(other.host)
                && java.util.Arrays.equals(ip, other.ip);
    }

    @Override
    public int hashCode() {
        return host.hashCode() * 31 + port;
    }

    @Override
    public String toString() {
        return "[scrubbed]";
    }
}
