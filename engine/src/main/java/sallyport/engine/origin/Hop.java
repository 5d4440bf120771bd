package sallyport.engine.origin;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;
import sallyport.engine.onionskin.CircuitTerms;
import sallyport.engine.onionskin.ClientHandshake;

/// A relay that a circuit of ours goes through, with the onion key to speak ntor to it.
///
/// @param addresses at least one
/// @param rsaDigest 20 bytes
/// @param onionKey its ntor key, 32 bytes; null where the directory has not told us, or where a key exchange
/// would be work in vain: only for the first hop, which then takes CREATE_FAST
/// @param wanted what to ask for with ntor-v3, which needs its Ed25519 identity; null: ntor
@SuppressWarnings("ArrayRecordComponent")
public record Hop(
        List<RelayAddress> addresses,
        byte[] rsaDigest,
        byte @Nullable [] ed25519,
        byte @Nullable [] onionKey,
        @Nullable CircuitTerms wanted) {
    /// Fresh random bytes that [#handshake] takes.
    static final int EPHEMERAL_LENGTH = 32;

    /// Asks for nothing.
    public Hop(List<RelayAddress> addresses, byte[] rsaDigest, byte @Nullable [] ed25519, byte @Nullable [] onionKey) {
        this(addresses, rsaDigest, ed25519, onionKey, null);
    }

    /// Begins the handshake with it: a key exchange, so on a worker. Only where its onion key is known.
    ClientHandshake handshake(byte[] ephemeral) {
        if (onionKey == null) {
            throw new IllegalStateException("a handshake without an onion key");
        }
        return ed25519 == null || wanted == null
                ? ClientHandshake.ntor(rsaDigest, onionKey, ephemeral)
                : ClientHandshake.ntorV3(ed25519, onionKey, ephemeral, wanted);
    }

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
