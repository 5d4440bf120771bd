package sallyport.engine.host;

import java.util.List;
import sallyport.engine.directory.Authority;

/// The Tor network that all relays of the process belong to.
///
/// @param testing C tor's TestingTorNetwork: private addresses may stand in documents, joining takes seconds
/// @param authorities the directory authorities, never empty
/// @param fallbacks relays that are asked for directory documents before the authorities
public record NetworkSpec(boolean testing, List<Authority> authorities, List<Authority> fallbacks) {
    public NetworkSpec {
        authorities = List.copyOf(authorities);
        fallbacks = List.copyOf(fallbacks);
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("a network without authorities");
        }
    }

    /// One where the authorities are asked themselves.
    public NetworkSpec(boolean testing, List<Authority> authorities) {
        this(testing, authorities, List.of());
    }
}
