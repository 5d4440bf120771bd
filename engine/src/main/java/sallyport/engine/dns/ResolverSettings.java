package sallyport.engine.dns;

import java.net.InetSocketAddress;
import java.util.List;

/// What a resolver obeys at the moment. An immutable snapshot; a change is seen by the next query.
///
/// @param servers asked in turn; none: every name fails
/// @param timeoutMillis wait for one attempt (network parameter `exit_dns_timeout`, 1..120000)
/// @param attempts how often a query is sent before it fails (`exit_dns_num_attempts`, 0..255); 0 counts as 1
/// @param ipv6 whether AAAA records are asked for as well (`IPv6Exit`)
/// @param randomCase whether the letters of a question are in random case (`ServerDNSRandomizeCase`)
public record ResolverSettings(
        List<InetSocketAddress> servers, int timeoutMillis, int attempts, boolean ipv6, boolean randomCase) {
    public static final int TIMEOUT_MILLIS_DEFAULT = 1000;
    public static final int ATTEMPTS_DEFAULT = 2;

    public ResolverSettings {
        servers = List.copyOf(servers);
    }
}
