package sallyport.engine.directory;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import sallyport.engine.world.Network.ByteConnection;
import sallyport.engine.world.World;

/// Plain HTTP over the authority's DirPort, one connection a request.
public final class HttpDirectoryTransport implements DirectoryTransport {
    // As C tor's TestingDirConnectionMaxStall; the public default of 5 minutes of silence would stall a whole round.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    // Ours: a consensus over a line of 100 kbit/s.
    private static final Duration EXCHANGE_MAX = Duration.ofMinutes(5);

    private final World world;

    public HttpDirectoryTransport(World world) {
        this.world = world;
    }

    @Override
    public DirectoryResponse exchange(Authority authority, DirectoryRequest request) throws IOException {
        long deadline = world.ticker().nanoTime() + EXCHANGE_MAX.toNanos();
        try (ByteConnection connection =
                world.network().open(authority.dirAddress().socket(), request.source(), SILENCE_MAX)) {
            connection.out().write(Http.encode(request, authority.dirAddress().toString()));
            connection.out().flush();
            InputStream in = new BufferedInputStream(new Bounded(connection.in(), deadline));
            return Http.read(in, request.bodyBytesMax());
        }
    }

    /// Each read is bounded by the connection's timeout; this bounds their sum, so dripping bytes gain nothing.
    private final class Bounded extends FilterInputStream {
        private final long deadlineNanos;

        Bounded(InputStream in, long deadlineNanos) {
            super(in);
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public int read(byte[] out, int offset, int length) throws IOException {
            checkTime();
            return super.read(out, offset, length);
        }

        @Override
        public int read() throws IOException {
            checkTime();
            return super.read();
        }

        private void checkTime() throws SocketTimeoutException {
            if (world.ticker().nanoTime() - deadlineNanos > 0) {
                throw new SocketTimeoutException("the answer takes too long");
            }
        }
    }
}
