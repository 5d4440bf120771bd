package sallyport.engine.directory;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;
import sallyport.engine.origin.DirectoryTunnel;
import sallyport.engine.origin.Hop;
import sallyport.engine.world.World;

/// The same HTTP over a circuit of one hop to the authority's ORPort, through the links of a relay of ours.
public final class TunnelDirectoryTransport implements DirectoryTransport {
    // Ours: as the exchange over a DirPort, and the dialing before it.
    private static final Duration EXCHANGE_MAX = Duration.ofMinutes(6);

    private final World world;
    private final Supplier<RelayIndex> relays;
    private final Supplier<@Nullable DirectoryTunnel> tunnel;

    /// @param relays where an authority's onion key is looked for
    /// @param tunnel null while no relay of ours listens
    public TunnelDirectoryTransport(
            World world, Supplier<RelayIndex> relays, Supplier<@Nullable DirectoryTunnel> tunnel) {
        this.world = world;
        this.relays = relays;
        this.tunnel = tunnel;
    }

    @Override
    public DirectoryResponse exchange(Authority authority, DirectoryRequest request)
            throws IOException, InterruptedException {
        DirectoryTunnel through = tunnel.get();
        if (through == null || authority.orPort() == 0) {
            throw new IOException("no way to the authority's ORPort");
        }
        byte[] bytes = Http.encode(request, authority.dirAddress().toString());
        try {
            byte[] answer = world.tasks()
                    .await(
                            through.exchange(hop(authority), bytes, Http.HEADER_BYTES_MAX + request.bodyBytesMax()),
                            EXCHANGE_MAX);
            return Http.read(new ByteArrayInputStream(answer), request.bodyBytesMax());
        } catch (ExecutionException e) {
            throw new IOException("the circuit to the authority failed", e);
        } catch (TimeoutException e) {
            throw new IOException("the answer takes too long", e);
        }
    }

    private Hop hop(Authority authority) {
        RelayAddress orPort = new RelayAddress(authority.dirAddress().ip(), authority.orPort());
        KnownRelay known = relays.get().byRsa(authority.rsaDigest());
        return new Hop(List.of(orPort), authority.rsaDigest(), null, known == null ? null : known.ntorKey());
    }
}
