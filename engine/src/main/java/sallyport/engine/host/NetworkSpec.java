package sallyport.engine.host;

import java.net.InetSocketAddress;
import java.util.List;
import sallyport.engine.directory.Authority;

/// The Tor network that all relays of the process belong to.
///
/// @param testing C tor's TestingTorNetwork: private addresses may stand in documents, joining takes seconds
/// @param authorities the directory authorities, never empty
/// @param resolvers name servers for exits; empty means the system's
/// @param hijackDetection whether and how these are tested for lies
public record NetworkSpec(
        boolean testing,
        List<Authority> authorities,
        List<InetSocketAddress> resolvers,
        HijackDetection hijackDetection) {
    public NetworkSpec {
        authorities = List.copyOf(authorities);
        resolvers = List.copyOf(resolvers);
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("a network without authorities");
        }
    }
}
