package sallyport.engine.host;

import java.util.List;
import sallyport.engine.directory.Authority;

/// The Tor network that all relays of the process belong to.
///
/// @param testing C tor's TestingTorNetwork: private addresses may stand in documents, joining takes seconds
/// @param authorities the directory authorities, never empty
public record NetworkSpec(boolean testing, List<Authority> authorities) {
    public NetworkSpec {
        authorities = List.copyOf(authorities);
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("a network without authorities");
        }
    }
}
