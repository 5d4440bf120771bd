package sallyport.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Destination;
import sallyport.engine.cell.EndReason;
import sallyport.engine.directory.Authority;
import sallyport.engine.origin.ClientStream;
import sallyport.engine.world.RealWorld;
import sallyport.lab.client.ClientNetwork;
import sallyport.lab.client.ClientSettings;
import sallyport.lab.client.Isolation;
import sallyport.lab.client.LabClient;
import sallyport.lab.client.StreamUser;
import sallyport.lab.path.PathRelay;
import sallyport.lab.path.PathRules;
import sallyport.lab.socks.SocksPort;

/// Our clients in a process of their own, told by lines what to do: `socks EXITS HOPS WITHIN`, or `down`, `up`
/// or `visits` with `EXITS HOPS WITHIN HOST PORT STREAMS AT-ONCE BYTES-EACH`, or `loop`. Answers `ok` and the
/// port, or the processor time that the clients' loop took so far in nanoseconds, or `failed` and why.
final class ClientCostProcess {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long TRANSFER_MINUTES_MAX = 10;
    private static final long POLL_MILLIS = 100;
    private static final int CIRCUITS_MAX = 1_000;
    private static final int EXITS_FIELD = 1;
    private static final int HOPS_FIELD = 2;
    private static final int WITHIN_FIELD = 3;
    private static final int HOST_FIELD = 4;
    private static final int PORT_FIELD = 5;
    private static final int STREAMS_FIELD = 6;
    private static final int AT_ONCE_FIELD = 7;
    private static final int BYTES_FIELD = 8;

    private final RealWorld world;
    private final ClientNetwork network;
    private final Map<String, LabClient> clients = new HashMap<>();
    private final List<SocksPort> ports = new ArrayList<>();
    private int names;

    private ClientCostProcess(RealWorld world, ClientNetwork network) {
        this.world = world;
        this.network = network;
    }

    /// @param arguments a directory for files, then the authorities' lines
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        List<Authority> authorities = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            authorities.add(Authority.parse(arguments[i]));
        }
        try (RealWorld world = new RealWorld(directory, 1, (level, of, text) -> {});
                ClientNetwork network = ClientNetwork.join(world, authorities, true)) {
            network.awaitRelays(PATIENCE);
            new ClientCostProcess(world, network).serve();
        }
    }

    private void serve() throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                System.out.println("ok " + obey(line.split(" ")));
            } catch (Exception e) {
                System.out.println("failed " + e);
            }
        }
        ports.forEach(SocksPort::close);
    }

    private String obey(String... words) throws Exception {
        if (words[0].equals("loop")) {
            return "" + loopNanos();
        }
        if (words[0].equals("socks")) {
            SocksPort port = SocksPort.listen(world, client("socks", words), new InetSocketAddress("127.0.0.1", 0));
            ports.add(port);
            return port.address().getAddress().getHostAddress() + " "
                    + port.address().getPort();
        }
        LabClient client = client("", words);
        Destination server = Destination.of(words[HOST_FIELD], Integer.parseInt(words[PORT_FIELD]));
        int streams = Integer.parseInt(words[STREAMS_FIELD]);
        long each = Long.parseLong(words[BYTES_FIELD]);
        boolean visits = words[0].equals("visits");
        int first = visits ? names : 0;
        names += visits ? streams : 0;
        Batch batch = new Batch(client, server, each, words[0].equals("up"), first, streams);
        client.loop().execute(() -> batch.begin(Integer.parseInt(words[AT_ONCE_FIELD])));
        batch.done.get(TRANSFER_MINUTES_MAX, TimeUnit.MINUTES);
        return "" + streams;
    }

    private long loopNanos() throws Exception {
        long thread = CompletableFuture.supplyAsync(
                        () -> Thread.currentThread().threadId(),
                        world.loops().all().getFirst())
                .get();
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
    }

    private LabClient client(String kind, String... words) throws InterruptedException {
        Set<String> exits = Set.of(words[EXITS_FIELD].split(","));
        Set<String> within = Set.of(words[WITHIN_FIELD].split(","));
        int hops = Integer.parseInt(words[HOPS_FIELD]);
        while (!known().containsAll(within)) {
            Thread.sleep(POLL_MILLIS);
        }
        return clients.computeIfAbsent(
                kind + hops + words[EXITS_FIELD],
                _ -> network.client(ClientSettings.DEFAULT
                        .withName("client")
                        .withCircuits(CIRCUITS_MAX, 0)
                        .withRules(new PathRules(1, /* distinctSubnets= */ false, exits)
                                .withHops(hops)
                                .within(within))));
    }

    private Set<String> known() {
        return network.relays().all().stream().map(PathRelay::fingerprint).collect(Collectors.toSet());
    }

    /// Streams of one order, some at a time, each under a name of its own. Runs on the client's loop.
    private static final class Batch {
        private final LabClient client;
        private final Destination server;
        private final long bytes;
        private final boolean up;
        private final int firstName;
        private final int count;
        final CompletableFuture<Void> done = new CompletableFuture<>();
        private int begun;
        private int over;

        Batch(LabClient client, Destination server, long bytes, boolean up, int firstName, int count) {
            this.client = client;
            this.server = server;
            this.bytes = bytes;
            this.up = up;
            this.firstName = firstName;
            this.count = count;
        }

        void begin(int atOnce) {
            for (int i = 0; i < Math.min(atOnce, count); i++) {
                next();
            }
        }

        private void next() {
            client.open(Isolation.by("name " + (firstName + begun++)), server, new Transfer(this));
        }

        void over(@Nullable String failure) {
            over++;
            if (failure != null) {
                done.completeExceptionally(new IllegalStateException(failure));
            } else if (over == count) {
                done.complete(null);
            } else if (begun < count) {
                next();
            }
        }
    }

    /// One HTTP request; bytes are counted, and kept nowhere.
    private static final class Transfer implements StreamUser {
        private static final int CHUNK_BYTES = 1 << 16;
        private static final ByteBuf CHUNK =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES));

        private final Batch of;
        private final ByteBuf head;
        private ByteBuf piece = Unpooled.EMPTY_BUFFER;
        private long left;
        private long received;
        private boolean headed;
        private @Nullable ClientStream stream;
        private final StringBuilder answer = new StringBuilder();

        Transfer(Batch of) {
            this.of = of;
            this.left = of.up ? of.bytes : 0;
            String request = of.up
                    ? "POST /sink HTTP/1.0\r\nContent-Length: " + of.bytes + "\r\n\r\n"
                    : "GET /bytes/" + of.bytes + " HTTP/1.0\r\n\r\n";
            this.head = Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII);
        }

        @Override
        public void connected(ClientStream now) {
            stream = now;
            writable();
        }

        @Override
        public void writable() {
            ClientStream to = stream;
            if (to == null) {
                return;
            }
            if (head.isReadable()) {
                to.send(head);
            }
            while (!head.isReadable() && (piece.isReadable() || left > 0)) {
                if (!piece.isReadable()) {
                    piece = CHUNK.slice(0, (int) Math.min(left, CHUNK_BYTES));
                    left -= piece.readableBytes();
                }
                to.send(piece);
                if (piece.isReadable()) {
                    return;
                }
            }
        }

        @Override
        public void data(byte[] array, int offset, int length) {
            if (headed && !of.up) {
                received += length;
                return;
            }
            answer.append(new String(array, offset, length, StandardCharsets.ISO_8859_1));
            int end = answer.indexOf("\r\n\r\n");
            if (!headed && end >= 0) {
                headed = true;
                answer.delete(0, end + "\r\n\r\n".length());
                received = answer.length();
            }
        }

        @Override
        public void ended(EndReason reason) {
            boolean whole = of.up ? answer.toString().startsWith(of.bytes + " ") : received == of.bytes;
            of.over(reason == EndReason.DONE && whole ? null : reason + " after " + received + " bytes");
        }
    }
}
