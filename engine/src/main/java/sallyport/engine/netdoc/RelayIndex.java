package sallyport.engine.netdoc;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;

/// The relays a verified consensus lists, with what descriptors add. An immutable snapshot: any thread may read it.
public interface RelayIndex {
    /// Knows nobody: before the first consensus.
    RelayIndex EMPTY = new RelayIndex() {
        @Override
        public boolean isKnownRelay(byte[] rsaDigest) {
            return false;
        }

        @Override
        public boolean isOrPort(byte[] ip, int port) {
            return false;
        }

        @Override
        public @Nullable KnownRelay byRsa(byte[] rsaDigest) {
            return null;
        }

        @Override
        public @Nullable KnownRelay byEd25519(byte[] ed25519) {
            return null;
        }

        @Override
        public List<KnownRelay> relays() {
            return List.of();
        }

        @Override
        public int size() {
            return 0;
        }
    };

    /// @param rsaDigest 20 bytes, SHA-1 of the RSA identity
    boolean isKnownRelay(byte[] rsaDigest);

    /// Whether a listed relay takes links at this address (4 or 16 bytes) and port.
    boolean isOrPort(byte[] ip, int port);

    @Nullable
    KnownRelay byRsa(byte[] rsaDigest);

    /// By the 32 bytes of the Ed25519 identity; knows only relays whose microdescriptor or descriptor we hold.
    @Nullable
    KnownRelay byEd25519(byte[] ed25519);

    /// In the order of their RSA digests, each made when it is asked for: take one, rather than look at all.
    List<KnownRelay> relays();

    int size();

    /// One listed relay. The arrays are copies of its own; `ed25519` and `ntorKey` are null until its
    /// microdescriptor or descriptor has been fetched, or where it has none. `orAddresses` starts with IPv4.
    record KnownRelay(
            byte[] rsaDigest,
            byte @Nullable [] ed25519,
            String nickname,
            List<RelayAddress> orAddresses,
            Set<String> flags,
            byte @Nullable [] ntorKey) {}
}
