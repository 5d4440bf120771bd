package sallyport.engine.directory;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import sallyport.engine.bytes.Hex;
import sallyport.engine.world.World;

/// An authority's DirPort, as C tor's relays prefer it, and where that fails its ORPort. What failed is
/// asked second for a while, so that a DirPort behind a wall does not cost its time limit at every
/// request.
public final class EitherDirectoryTransport implements DirectoryTransport {
    private static final Duration FAILURE_REMEMBERED = Duration.ofMinutes(10);

    private final World world;
    private final DirectoryTransport dirPort;
    private final DirectoryTransport orPort;
    // By fingerprint, in ticker nanoseconds: at most one for each configured authority.
    private final Map<String, Long> failedNanos = new ConcurrentHashMap<>();

    public EitherDirectoryTransport(World world, DirectoryTransport dirPort, DirectoryTransport orPort) {
        this.world = world;
        this.dirPort = dirPort;
        this.orPort = orPort;
    }

    @Override
    public DirectoryResponse exchange(Authority authority, DirectoryRequest request)
            throws IOException, InterruptedException {
        if (authority.dirAddress().port() == 0) {
            return orPort.exchange(authority, request);
        }
        String name = Hex.upper(authority.rsaDigest());
        Long failed = failedNanos.get(name);
        if (failed != null && world.ticker().nanoTime() - failed < FAILURE_REMEMBERED.toNanos()) {
            try {
                return orPort.exchange(authority, request);
            } catch (IOException e) {
                return dirPort.exchange(authority, request);
            }
        }
        try {
            return dirPort.exchange(authority, request);
        } catch (IOException e) {
            failedNanos.put(name, world.ticker().nanoTime());
            return orPort.exchange(authority, request);
        }
    }
}
