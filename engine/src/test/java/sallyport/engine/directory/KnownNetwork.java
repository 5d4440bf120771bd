package sallyport.engine.directory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;

/// Puts a consensus of one relay, or of none, into a store, as if it had been fetched.
public final class KnownNetwork {
    private KnownNetwork() {}

    public static void lists(DirectoryStore store, Instant validAfter, byte[] rsaDigest, Set<String> flags) {
        put(store, validAfter, index(rsaDigest, flags));
    }

    public static void listsNobody(DirectoryStore store, Instant validAfter) {
        put(store, validAfter, RelayIndex.EMPTY);
    }

    private static void put(DirectoryStore store, Instant validAfter, RelayIndex index) {
        Consensus consensus = new Consensus(
                Flavor.NS,
                validAfter,
                validAfter.plusSeconds(3600),
                validAfter.plusSeconds(3 * 3600),
                300,
                new NetworkParameters(Map.of()),
                NetworkParameters.NONE,
                List.of());
        store.replace(consensus, null, index);
    }

    private static RelayIndex index(byte[] rsaDigest, Set<String> flags) {
        RelayIndex.KnownRelay relay = new RelayIndex.KnownRelay(
                rsaDigest,
                null,
                "Nick1",
                List.of(new RelayAddress(new byte[] {(byte) 192, 0, 2, 7}, 9001)),
                flags,
                null);
        return new RelayIndex() {
            @Override
            public boolean isKnownRelay(byte[] digest) {
                return byRsa(digest) != null;
            }

            @Override
            public boolean isOrPort(byte[] ip, int port) {
                return false;
            }

            @Override
            public @Nullable KnownRelay byRsa(byte[] digest) {
                return java.util.Arrays.equals(digest, rsaDigest) ? relay : null;
            }

            @Override
            public @Nullable KnownRelay byEd25519(byte[] ed25519) {
                return null;
            }

            @Override
            public List<KnownRelay> relays() {
                return List.of(relay);
            }

            @Override
            public int size() {
                return 1;
            }
        };
    }
}
