package sallyport.engine.link;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.RelayIndex;

/// A consensus that lists one relay, an authority.
class OneRelay implements RelayIndex {
    private final KnownRelay only;

    OneRelay(TestRelay relay, RelayAddress... addresses) {
        only = new KnownRelay(
                relay.identity().rsaDigest(),
                relay.identity().ed25519(),
                "only",
                List.of(addresses),
                Set.of("Authority"),
                null);
    }

    @Override
    public boolean isKnownRelay(byte[] rsaDigest) {
        return Arrays.equals(rsaDigest, only.rsaDigest());
    }

    @Override
    public boolean isOrPort(byte[] ip, int port) {
        return false;
    }

    @Override
    public @Nullable KnownRelay byRsa(byte[] rsaDigest) {
        return isKnownRelay(rsaDigest) ? only : null;
    }

    @Override
    public @Nullable KnownRelay byEd25519(byte[] ed25519) {
        return Arrays.equals(ed25519, only.ed25519()) ? only : null;
    }

    @Override
    public List<KnownRelay> relays() {
        return List.of(only);
    }

    @Override
    public int size() {
        return 1;
    }
}
