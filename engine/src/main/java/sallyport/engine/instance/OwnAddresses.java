package sallyport.engine.instance;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import sallyport.engine.address.Ip;

/// Every address that a relay of this process listens on, publishes or sends from. One process serves
/// them all, so an exit must not be a door to what only its siblings' addresses let in. One for the
/// process; from any thread.
public final class OwnAddresses {
    private final Map<String, List<ByteBuffer>> byRelay = new ConcurrentHashMap<>();
    private volatile Set<ByteBuffer> all = Set.of();

    /// The relay's addresses from now on, instead of those it had.
    ///
    /// @param addresses 4 or 16 bytes each
    public synchronized void set(String relay, Collection<byte[]> addresses) {
        byRelay.put(
                relay, addresses.stream().map(ip -> ByteBuffer.wrap(ip.clone())).toList());
        gather();
    }

    /// The relay has ended.
    public synchronized void forget(String relay) {
        byRelay.remove(relay);
        gather();
    }

    /// Whether any relay of the process has this address.
    ///
    /// @param ip 4 or 16 bytes; of an IPv4 address inside an IPv6 one, the former counts
    public boolean contains(byte[] ip) {
        return all.contains(ByteBuffer.wrap(Ip.unmapped(ip)));
    }

    private void gather() {
        all = byRelay.values().stream().flatMap(List::stream).collect(Collectors.toUnmodifiableSet());
    }
}
