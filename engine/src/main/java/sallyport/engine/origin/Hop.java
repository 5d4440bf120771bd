package sallyport.engine.origin;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;

/// A relay that a circuit of ours goes through, with the onion key to speak ntor to it.
///
/// @param addresses at least one
/// @param rsaDigest 20 bytes
/// @param onionKey its ntor key, 32 bytes; null where the directory has not told us: only for a circuit of
/// one hop, which then takes CREATE_FAST
public record Hop(
        List<RelayAddress> addresses, byte[] rsaDigest, byte @Nullable [] ed25519, byte @Nullable [] onionKey) {
    /// Null when the directory has not told us its onion key.
    static @Nullable Hop of(KnownRelay relay) {
        byte[] onionKey = relay.ntorKey();
        return onionKey == null ? null : new Hop(relay.orAddresses(), relay.rsaDigest(), relay.ed25519(), onionKey);
    }

    @Nullable
    RelayAddress ipv4() {
        return first(false);
    }

    @Nullable
    RelayAddress ipv6() {
        return first(true);
    }

    private @Nullable RelayAddress first(boolean ipv6) {
        for (RelayAddress address : addresses) {
            if (address.isIpv6() == ipv6) {
                return address;
            }
        }
        return null;
    }
}
