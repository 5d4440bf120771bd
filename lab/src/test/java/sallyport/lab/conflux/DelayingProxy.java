package sallyport.lab.conflux;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import sallyport.lab.traffic.Service;

/// A SOCKS5 proxy between a C tor client and its guards that makes the way to some of them long or
/// narrow, in either direction.
final class DelayingProxy implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 * 1024;
    // What is under way at once: some megabytes, so that a long way is not narrow.
    private static final int CHUNKS_MAX = 512;
    // What may wait in front of a narrow way; whoever sends more is not read.
    private static final long BACKLOG_NANOS = 100_000_000;

    private record Chunk(byte[] bytes, long dueNanos) {}

    /// @param nanosPerByte how long a byte keeps the next one back
    private record Way(long delayNanos, double nanosPerByte) {
        static final Way SHORT = new Way(0, 0);
    }

    private final Map<String, Way> ways = new ConcurrentHashMap<>();
    private final Service service;

    private DelayingProxy(ServerSocket listener) {
        service = Service.start(listener, this::serve);
    }

    static DelayingProxy start(String address) throws IOException {
        return new DelayingProxy(new ServerSocket(0, 50, InetAddress.ofLiteral(address)));
    }

    InetSocketAddress address() {
        return service.address();
    }

    /// What passes to or from that host arrives later by so much.
    DelayingProxy lengthen(String host, Duration oneWay) {
        ways.put(host, new Way(oneWay.toNanos(), 0));
        return this;
    }

    /// No more than so much a second passes to or from that host.
    DelayingProxy narrow(String host, long bytesPerSecond) {
        ways.put(host, new Way(0, 1e9 / bytesPerSecond));
        return this;
    }

    @Override
    public void close() throws IOException {
        service.close();
    }

    private void serve(Socket client) throws IOException, InterruptedException {
        try (Socket relay = new Socket()) {
            relay.setTcpNoDelay(true);
            InetSocketAddress to = readRequest(new DataInputStream(client.getInputStream()), client.getOutputStream());
            relay.connect(to);
            client.getOutputStream().write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            Way way = ways.getOrDefault(to.getAddress().getHostAddress(), Way.SHORT);
            Thread back = Thread.ofVirtual().start(() -> pump(relay, client, way));
            pump(client, relay, way);
            back.join();
        }
    }

    /// RFC 1928: CONNECT to an IPv4 address, without authentication.
    private static InetSocketAddress readRequest(DataInputStream in, OutputStream out) throws IOException {
        in.skipNBytes(1);
        in.skipNBytes(in.readUnsignedByte());
        out.write(new byte[] {5, 0});
        in.skipNBytes(3);
        if (in.readUnsignedByte() != 1) {
            throw new IOException("no IPv4 address");
        }
        InetAddress address = InetAddress.getByAddress(in.readNBytes(4));
        return new InetSocketAddress(address, in.readUnsignedShort());
    }

    /// Until either end closes; then both do.
    private void pump(Socket from, Socket to, Way way) {
        LinkedBlockingQueue<Chunk> onItsWay = new LinkedBlockingQueue<>(CHUNKS_MAX);
        Thread writer = Thread.ofVirtual().start(() -> write(onItsWay, from, to));
        try {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[CHUNK_BYTES];
            long free = System.nanoTime();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                long now = System.nanoTime();
                free = Math.max(free, now) + (long) (n * way.nanosPerByte());
                onItsWay.put(new Chunk(Arrays.copyOf(buffer, n), free + way.delayNanos()));
                Thread.sleep(Duration.ofNanos(Math.max(0, free - now - BACKLOG_NANOS)));
            }
        } catch (IOException ended) {
            onItsWay.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            onItsWay.put(new Chunk(new byte[0], System.nanoTime()));
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(LinkedBlockingQueue<Chunk> onItsWay, Socket from, Socket to) {
        try (from;
                to) {
            OutputStream out = to.getOutputStream();
            for (Chunk chunk = onItsWay.take(); chunk.bytes().length > 0; chunk = onItsWay.take()) {
                Thread.sleep(Duration.ofNanos(Math.max(0, chunk.dueNanos() - System.nanoTime())));
                out.write(chunk.bytes());
            }
        } catch (IOException ended) {
            onItsWay.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
