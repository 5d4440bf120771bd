package sallyport.lab.overload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.EndReason;
import sallyport.engine.origin.ClientStream;
import sallyport.lab.client.Isolation;
import sallyport.lab.client.LabClient;
import sallyport.lab.client.StreamUser;

/// Attackers who ask for a gigabyte each, over circuits of their own, and take nothing of it: the exit
/// has what it may package waiting, and a server that wants to go on.
public final class SlowReaders {
    private static final int WANTED_BYTES = 1 << 30;

    private final AtomicInteger open = new AtomicInteger();

    /// Starts as many through each client.
    public void start(List<LabClient> through, int each, InetSocketAddress server) {
        Destination destination = Destination.of(server.getAddress().getHostAddress(), server.getPort());
        for (LabClient client : through) {
            for (int i = 0; i < each; i++) {
                client.open(Isolation.by("slow reader " + i), destination, new Reader());
            }
        }
    }

    /// How many streams are open.
    public int open() {
        return open.get();
    }

    private final class Reader implements StreamUser {
        private int owed;

        @Override
        public void connected(ClientStream stream) {
            open.incrementAndGet();
            ByteBuf request = Unpooled.copiedBuffer(
                    "GET /bytes/" + WANTED_BYTES + " HTTP/1.0\r\n\r\n", StandardCharsets.US_ASCII);
            stream.send(request);
            request.release();
        }

        @Override
        public void data(byte[] array, int offset, int length) {
            owed += length;
        }

        @Override
        public int owedBytes() {
            return owed;
        }

        @Override
        public void ended(EndReason reason) {
            open.decrementAndGet();
        }
    }
}
