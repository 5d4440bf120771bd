package sallyport.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Tally;
import sallyport.engine.accounting.TestStatistics;
import sallyport.engine.address.ClientAddress;
import sallyport.engine.address.Ip;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.ProtocolViolation;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.dns.DnsTrust;
import sallyport.engine.dns.FakeDnsServer;
import sallyport.engine.dns.Resolver;
import sallyport.engine.dns.ResolverSettings;
import sallyport.engine.exit.ExitDialer;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.flow.StreamSignalParameters;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.limits.TestLimits;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.ExitPolicyOptions;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.RealWorld;

/// The streams of one circuit on a real loop, with a fake client before them and loopback servers behind
/// them.
final class StreamsFixture implements AutoCloseable {
    static final byte[] PREVIOUS_HOP = new byte[20];
    static final byte[] PREVIOUS_ADDRESS = {(byte) 203, 0, 113, 9};

    final RealWorld world;
    final EventLoop loop;
    final FakeDnsServer dns;
    final FakeClient client = new FakeClient();
    final FaultCounters faults = new FaultCounters();
    final ExitDialer dialer;
    final Resolver resolver;
    private final List<AutoCloseable> closeables = new ArrayList<>();
    volatile ResolverSettings resolverSettings;
    volatile ExitSettings exit;
    volatile Map<String, Integer> parameters = Map.of();
    volatile int orPort;
    boolean singleHop;
    byte @Nullable [] previousHop = PREVIOUS_HOP;

    @Nullable
    DirRequestHandler directory;

    final InstanceLimits limits;

    @Nullable
    StreamSignalParameters signals;

    private @Nullable Streams streams;

    StreamsFixture(Path temporary) throws InterruptedException, ExitPolicyException {
        this(temporary, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /// @param memoryBytes what all streams together may hold
    /// @param fds how many exit connections there may be
    StreamsFixture(Path temporary, long memoryBytes, int fds) throws InterruptedException, ExitPolicyException {
        world = new RealWorld(temporary, 1, (_, _, _) -> {});
        loop = world.loops().all().getFirst();
        dns = new FakeDnsServer(world, loop);
        resolverSettings = new ResolverSettings(List.of(dns.address()), 5_000, 2, true, true);
        limits = TestLimits.of(world, memoryBytes, fds, 1).open("test", loop, faults);
        resolver =
                new Resolver(world, loop, "test", () -> resolverSettings, new DnsTrust(world), faults, limits.memory());
        dialer = new ExitDialer(world, loop, "test", faults, TestStatistics.none(world), limits);
        exit = ExitSettings.of(policy(true, "accept *:*"), true, List.of());
    }

    static ExitPolicy policy(boolean ipv6, String... lines) throws ExitPolicyException {
        return ExitPolicy.parse(List.of(lines), new ExitPolicyOptions(ipv6, false, List.of()));
    }

    volatile boolean hibernating;

    /// The streams; made at the first call, from what the fields say by then.
    Streams streams() {
        if (streams == null) {
            streams = new Streams(
                    new StreamContext(
                            world,
                            loop,
                            () -> exit,
                            resolver.share(),
                            dialer,
                            () -> index(),
                            () -> new NetworkParameters(parameters),
                            faults,
                            limits.memory(),
                            previous(),
                            directory,
                            () -> hibernating),
                    client,
                    signals);
        }
        return streams;
    }

    private PreviousHop previous() {
        return new PreviousHop() {
            @Override
            public boolean isClient() {
                return singleHop;
            }

            @Override
            public byte @Nullable [] rsaDigest() {
                return previousHop;
            }

            @Override
            public ClientAddress address() {
                return new ClientAddress(Ip.inet(PREVIOUS_ADDRESS));
            }
        };
    }

    void message(int command, int id, byte[] body) throws ProtocolViolation {
        Streams to = streams();
        try {
            loop.submit(() -> {
                        byte[] shifted = new byte[body.length + 16];
                        System.arraycopy(body, 0, shifted, 16, body.length);
                        to.onMessage(command, id, shifted, 16, body.length);
                        java.util.Arrays.fill(shifted, (byte) 0x55);
                        return null;
                    })
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProtocolViolation violation) {
                throw violation;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void begin(int id, String target) throws ProtocolViolation {
        begin(id, target, 0);
    }

    void begin(int id, String target, int flags) throws ProtocolViolation {
        Writer body =
                new Writer().bytes(target.getBytes(StandardCharsets.ISO_8859_1)).u8(0);
        message(
                RelayCommand.BEGIN,
                id,
                flags == 0 ? body.toBytes() : body.u32(flags).toBytes());
    }

    void data(int id, byte[] bytes) throws ProtocolViolation {
        message(RelayCommand.DATA, id, bytes);
    }

    void end(int id) throws ProtocolViolation {
        message(RelayCommand.END, id, new byte[] {6});
    }

    void resume(int window) {
        client.window(window);
        onLoop(() -> {
            streams().resume();
            return null;
        });
    }

    /// Waits for the one message to the client about that stream other than SENDME, and returns it as
    /// `COMMAND HEX`.
    String answer(int id) {
        await().until(() -> !answers(id).isEmpty());
        return answers(id).getFirst();
    }

    List<String> answers(int id) {
        return client.messages().stream()
                .filter(message -> message.contains(" " + id + " ") && !message.startsWith("5 "))
                .map(message ->
                        message.substring(0, message.indexOf(' ')) + message.substring(message.lastIndexOf(' ')))
                .toList();
    }

    /// A server for one connection at a time, each on its own thread.
    int serve(Session session) throws Exception {
        return serve("127.0.0.1", session);
    }

    int serve(String address, Session session) throws Exception {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(Ip.inet(java.util.Objects.requireNonNull(Ip.parse(address))), 0));
        closeables.add(server);
        Thread.startVirtualThread(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    closeables.add(socket);
                    Thread.startVirtualThread(() -> {
                        try (socket) {
                            session.run(socket);
                        } catch (Exception e) {
                            // The other side closed first: the tests look at what arrived.
                        }
                    });
                } catch (Exception e) {
                    return;
                }
            }
        });
        return server.getLocalPort();
    }

    <T> T onLoop(Callable<T> work) {
        try {
            return loop.submit(work).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    long tallied(Tally kind) {
        return faults.tallies().snapshot().getOrDefault(kind, 0L);
    }

    /// Connections to servers that are open over IPv6.
    int exitsOverIpv6() {
        return onLoop(dialer::openIpv6);
    }

    int open() {
        return onLoop(() -> streams().open());
    }

    /// Ends everything and proves that nothing is left.
    @Override
    public void close() throws Exception {
        onLoop(() -> {
            streams().closeAll();
            return null;
        });
        for (AutoCloseable closeable : List.copyOf(closeables)) {
            closeable.close();
        }
        await().untilAsserted(() -> assertThat(onLoop(dialer::open)).isZero());
        assertThat(open()).isZero();
        onLoop(() -> {
            resolver.close();
            return null;
        });
        await().untilAsserted(() -> assertThat(onLoop(() -> limits.memory().held()))
                .as("bytes held")
                .isZero());
        assertThat(onLoop(() -> limits.fds().used())).as("FDs held").isZero();
        dns.close();
        world.close();
    }

    interface Session {
        void run(Socket socket) throws Exception;
    }

    private RelayIndex index() {
        return new RelayIndex() {
            @Override
            public boolean isKnownRelay(byte[] rsaDigest) {
                return rsaDigest == PREVIOUS_HOP;
            }

            @Override
            public boolean isOrPort(byte[] ip, int port) {
                return port == orPort && ip.length == 4;
            }

            @Override
            public @Nullable KnownRelay byRsa(byte[] rsaDigest) {
                return null;
            }

            @Override
            public @Nullable KnownRelay byEd25519(byte[] ed25519) {
                return null;
            }

            @Override
            public List<KnownRelay> relays() {
                return List.of();
            }

            @Override
            public int size() {
                return 0;
            }
        };
    }
}
