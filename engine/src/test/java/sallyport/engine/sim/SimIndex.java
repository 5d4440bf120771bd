package sallyport.engine.sim;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.RelayIndex;

/// The consensus of the simulated network: all relays, or none of them for clients to extend to by hand.
record SimIndex(List<KnownRelay> relays) implements RelayIndex {
    static SimIndex of(List<SimRelay> relays) {
        return new SimIndex(relays.stream()
                .map(relay -> new KnownRelay(
                        relay.identity().rsaDigest(),
                        relay.identity().ed25519(),
                        relay.id(),
                        List.of(relay.address()),
                        Set.of("Running", "Valid", "Exit"),
                        relay.onionKey()))
                .toList());
    }

    @Override
    public boolean isKnownRelay(byte[] rsaDigest) {
        return byRsa(rsaDigest) != null;
    }

    @Override
    public boolean isOrPort(byte[] ip, int port) {
        return relays.stream()
                .flatMap(relay -> relay.orAddresses().stream())
                .anyMatch((RelayAddress at) -> at.port() == port && Arrays.equals(at.ip(), ip));
    }

    @Override
    public @Nullable KnownRelay byRsa(byte[] rsaDigest) {
        return relays.stream()
                .filter(relay -> Arrays.equals(relay.rsaDigest(), rsaDigest))
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable KnownRelay byEd25519(byte[] ed25519) {
        return relays.stream()
                .filter(relay -> Arrays.equals(relay.ed25519(), ed25519))
                .findFirst()
                .orElse(null);
    }

    @Override
    public int size() {
        return relays.size();
    }
}
