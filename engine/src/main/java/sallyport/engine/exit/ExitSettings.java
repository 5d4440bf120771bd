package sallyport.engine.exit;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.netdoc.ExitPolicy;

/// What the operator says about exiting. An immutable snapshot, replaced as a whole on reload.
///
/// @param policy where streams may go
/// @param ipv6Exit whether this relay exits to IPv6 and asks for AAAA records (`IPv6Exit`)
/// @param source where connections to servers leave from (`OutboundBindAddressExit`)
/// @param connectTimeoutMillis how long a server may take to accept a connection
/// @param refused addresses to which no stream goes besides those that the policy names; asked for each
/// stream
public record ExitSettings(
        ExitPolicy policy,
        boolean ipv6Exit,
        SourceAddresses source,
        int connectTimeoutMillis,
        Predicate<byte[]> refused) {
    // C tor leaves it to the kernel, whose six retries of SYN give up after 127 s with ETIMEDOUT; a little more than
    // that lets the kernel speak first.
    public static final int CONNECT_TIMEOUT_MILLIS = 135_000;

    /// What the policy alone refuses.
    public ExitSettings(ExitPolicy policy, boolean ipv6Exit, SourceAddresses source, int connectTimeoutMillis) {
        this(policy, ipv6Exit, source, connectTimeoutMillis, _ -> false);
    }

    /// The same for a relay that lets nothing out.
    public ExitSettings refusingAll() {
        return new ExitSettings(ExitPolicy.REJECT_ALL, ipv6Exit, source, connectTimeoutMillis, refused);
    }

    /// The same with addresses that are refused besides.
    public ExitSettings refusing(Predicate<byte[]> addresses) {
        return new ExitSettings(policy, ipv6Exit, source, connectTimeoutMillis, addresses);
    }

    /// Whether a stream may go there.
    ///
    /// @param ip 4 or 16 bytes
    public boolean accepts(byte[] ip, int port) {
        return policy.accepts(ip, port) && !refused.test(ip);
    }

    /// Picks the first source address of each family from the configured ones.
    public static ExitSettings of(ExitPolicy policy, boolean ipv6Exit, List<InetAddress> sources) {
        return new ExitSettings(policy, ipv6Exit, SourceAddresses.of(sources), CONNECT_TIMEOUT_MILLIS);
    }
}
