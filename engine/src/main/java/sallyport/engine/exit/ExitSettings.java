package sallyport.engine.exit;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.netdoc.ExitPolicy;

/// What the operator says about exiting. An immutable snapshot, replaced as a whole on reload.
///
/// @param policy where streams may go
/// @param ipv6Exit whether this relay exits to IPv6 and asks for AAAA records (`IPv6Exit`)
/// @param sourceIpv4 local address of connections to IPv4 servers (`OutboundBindAddressExit`); null: the system's
/// choice
/// @param sourceIpv6 the same for IPv6
/// @param connectTimeoutMillis how long a server may take to accept a connection
public record ExitSettings(
        ExitPolicy policy,
        boolean ipv6Exit,
        @Nullable InetAddress sourceIpv4,
        @Nullable InetAddress sourceIpv6,
        int connectTimeoutMillis) {
    // C tor leaves it to the kernel, whose six retries of SYN give up after 127 s with ETIMEDOUT; a little more than
    // that lets the kernel speak first.
    public static final int CONNECT_TIMEOUT_MILLIS = 135_000;

    /// Picks the first source address of each family from the configured ones.
    public static ExitSettings of(ExitPolicy policy, boolean ipv6Exit, List<InetAddress> sources) {
        InetAddress ipv4 = null;
        InetAddress ipv6 = null;
        for (InetAddress source : sources) {
            if (source instanceof Inet4Address) {
                ipv4 = ipv4 == null ? source : ipv4;
            } else {
                ipv6 = ipv6 == null ? source : ipv6;
            }
        }
        return new ExitSettings(policy, ipv6Exit, ipv4, ipv6, CONNECT_TIMEOUT_MILLIS);
    }

    /// The source for a server at `ip` (4 or 16 bytes).
    public @Nullable InetAddress sourceFor(byte[] ip) {
        return ip.length == 4 ? sourceIpv4 : sourceIpv6;
    }
}
