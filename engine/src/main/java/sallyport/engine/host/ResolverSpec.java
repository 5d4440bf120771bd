package sallyport.engine.host;

import java.net.InetSocketAddress;
import java.util.List;

/// Whom the exits of the process ask for names, and how far they trust it.
///
/// @param servers name servers; empty means the system's
/// @param randomCase whether the letters of a question are in random case (`ServerDNSRandomizeCase`)
/// @param hijackDetection whether and how the servers are tested for lies
public record ResolverSpec(List<InetSocketAddress> servers, boolean randomCase, HijackDetection hijackDetection) {
    /// The system's name servers, untested.
    public static final ResolverSpec SYSTEM = new ResolverSpec(List.of(), true, HijackDetection.OFF);

    public ResolverSpec {
        servers = List.copyOf(servers);
    }
}
