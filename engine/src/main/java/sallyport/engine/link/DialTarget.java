package sallyport.engine.link;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;

/// A relay to reach.
///
/// @param addresses where it takes links; at most one connection is tried
/// @param rsaDigest 20 bytes, SHA-1 of its RSA identity
/// @param ed25519 32 bytes, or null when any Ed25519 identity will do
public record DialTarget(List<RelayAddress> addresses, byte[] rsaDigest, byte @Nullable [] ed25519) {
    /// Nothing of it: where a circuit goes on is its client's path.
    @Override
    public String toString() {
        return "[scrubbed]";
    }
}
