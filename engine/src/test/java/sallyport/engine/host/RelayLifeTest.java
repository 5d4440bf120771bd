package sallyport.engine.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.BugBurst;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.dircache.DirectoryCache;
import sallyport.engine.directory.Authority;
import sallyport.engine.instance.HouseRules;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.InstanceState;
import sallyport.engine.instance.InstanceStatus;
import sallyport.engine.instance.TestSpecs;
import sallyport.engine.limits.Sharing;
import sallyport.engine.world.Entropy;
import sallyport.engine.world.FreePorts;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.World;
import sallyport.engine.world.WorldOver;

/// Three relays with their ORPorts on loopback, in a network whose authority is not there: what becomes
/// of one of them does not concern the others.
@NullMarked
class RelayLifeTest {
    private static final int RELAYS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration READ_LIMIT = Duration.ofSeconds(30);
    private static final Duration DRAIN = Duration.ofMinutes(10);
    // tor-spec "Negotiating versions": circuit id 0, command 7, six bytes, versions 3, 4 and 5.
    private static final byte[] VERSIONS = {0, 0, 7, 0, 6, 0, 3, 0, 4, 0, 5};

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    private RealWorld real;
    private World world;
    private EngineHost host;
    private List<InstanceSpec> specs;
    private volatile @Nullable EventLoop broken;
    private volatile CountDownLatch keys = new CountDownLatch(0);

    @BeforeEach
    void start() throws Exception {
        real = new RealWorld(directory, RELAYS, (level, relay, text) -> lines.add(level + " " + relay + " " + text));
        world = new WorldOver() {
            @Override
            public World real() {
                return real;
            }

            @Override
            public Entropy entropy() {
                EventLoop loop = broken;
                if (loop != null && loop.inEventLoop()) {
                    throw new IllegalStateException("an injected fault");
                }
                if (Thread.currentThread().isVirtual()) {
                    awaitKeys();
                }
                return real.entropy();
            }
        };
        host = host(ProcessSpec.STARTS_AT_ONCE);
        host.open();
        specs = specs();
        specs.forEach(host::start);
        for (int i = 0; i < RELAYS; i++) {
            awaitState(i, "bootstrapping");
        }
    }

    private EngineHost host(int startsAtOnce) throws Exception {
        return new EngineHost(
                world,
                new NetworkSpec(
                        true,
                        List.of(Authority.parse("nobody orport=1 v3ident=0123456789ABCDEF0123456789ABCDEF01234567"
                                + " 127.0.0.1:1 89ABCDEF0123456789ABCDEF0123456789ABCDEF"))),
                new ProcessSpec(
                        0,
                        DirectoryCache.DISK_BYTES_MAX,
                        ResolverSpec.SYSTEM,
                        Map.of(),
                        HouseRules.DEFAULT,
                        Sharing.DEFAULT,
                        startsAtOnce));
    }

    private void awaitKeys() {
        try {
            keys.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() throws Exception {
        host.close();
        real.close();
    }

    /// Each accepted link of one relay throws: the peer sees a closed link, until the relay is
    /// quarantined. Its neighbours shake hands before, during and after.
    @Test
    void aRelayThatFailsAgainAndAgainIsQuarantinedAlone() throws Exception {
        for (int i = 0; i < RELAYS; i++) {
            assertThat(greeted(i)).isTrue();
        }
        broken = real.loops().all().get(1);
        for (int i = 0; i < BugBurst.BUGS_MAX; i++) {
            assertThat(greeted(1)).isFalse();
        }
        assertThat(status(1).state()).isInstanceOf(InstanceState.Bootstrapping.class);
        assertThat(greeted(0)).isTrue();
        assertThat(greeted(1)).isFalse();
        awaitState(1, "quarantined");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> greeted(1)).isInstanceOf(IOException.class));
        assertThat(greeted(0)).isTrue();
        assertThat(greeted(2)).isTrue();
        assertThat(lines)
                .filteredOn(line -> line.startsWith("ERROR"))
                .hasSize(2)
                .allMatch(line -> line.startsWith("ERROR r1 "))
                .noneMatch(line -> line.contains("an injected fault"));

        broken = null;
        host.start("r1");
        awaitState(1, "bootstrapping");
        assertThat(greeted(1)).isTrue();
        assertThat(host.status()).extracting(InstanceStatus::id).containsExactly("r0", "r1", "r2");
    }

    /// One at a time, as it is said here: the others say how many are before them, and none of them holds
    /// up a stop.
    @Test
    void relaysWaitInTheOrderOfTheConfiguration() throws Exception {
        host.close();
        keys = new CountDownLatch(1);
        host = host(1);
        specs.forEach(host::start);
        assertThat(host.status())
                .extracting(InstanceStatus::state)
                .containsExactly(
                        new InstanceState.Starting(), new InstanceState.Starting(1), new InstanceState.Starting(2));
        assertThat(host.reports().getLast().status().state()).isEqualTo(new InstanceState.Starting(2));
        host.stop("r1");
        assertThat(status(1).state()).isEqualTo(new InstanceState.Stopped());
        assertThat(status(2).state()).isEqualTo(new InstanceState.Starting(1));
        keys.countDown();
        awaitState(0, "bootstrapping");
        awaitState(2, "bootstrapping");
    }

    @Test
    void aRelayIsStoppedAndStartedWhileTheOthersGoOn() throws Exception {
        host.stop("r0");
        assertThat(status(0).state()).isInstanceOf(InstanceState.Stopped.class);
        assertThat(status(0).fingerprint()).hasSize(40);
        assertThatThrownBy(() -> greeted(0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> host.stop("r0")).isInstanceOf(Refused.class).hasMessage("it does not run: stopped");
        assertThatThrownBy(() -> host.drain("r0", DRAIN)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> host.start("r1"))
                .isInstanceOf(Refused.class)
                .hasMessage("it runs already: bootstrapping");
        assertThatThrownBy(() -> host.start("r9")).isInstanceOf(IllegalArgumentException.class);
        assertThat(greeted(1)).isTrue();
        host.start("r0");
        awaitState(0, "bootstrapping");
        assertThat(greeted(0)).isTrue();
    }

    /// Nothing is open, so a relay that drains stops at once; one that restarts comes back.
    @Test
    void aRelayWithoutCircuitsDrainsAtOnce() throws Exception {
        host.drain("r2", DRAIN);
        awaitState(2, "stopped");
        host.restart("r2", DRAIN);
        awaitState(2, "bootstrapping");
        host.restart("r2", DRAIN);
        await().atMost(PATIENCE)
                .until(() -> lines.contains("INFO r2 state: stopped, was draining")
                        && status(2).state() instanceof InstanceState.Bootstrapping
                        && lines.stream()
                                        .filter("INFO r2 state: bootstrapping, was starting"::equals)
                                        .count()
                                == 3);
        assertThat(greeted(2)).isTrue();
        host.remove("r2");
        assertThat(host.status()).extracting(InstanceStatus::id).containsExactly("r0", "r1");
    }

    /// As the supervisor has two relays swap their places: both closed, both told, both called back.
    @Test
    void relaysSwapTheirPlaces() throws Exception {
        List<InstanceSpec> swapped = List.of(at(0, port(1)), at(1, port(0)));
        for (InstanceSpec relay : swapped) {
            host.drain(relay.id(), DRAIN);
            assertThatThrownBy(() -> greeted(relay.id().equals("r0") ? 0 : 1)).isInstanceOf(IOException.class);
        }
        for (InstanceSpec relay : swapped) {
            assertThat(host.update(relay).now().orAddresses()).isEqualTo(relay.orAddresses());
        }
        for (InstanceSpec relay : swapped) {
            host.start(relay.id());
        }
        awaitState(0, "bootstrapping");
        awaitState(1, "bootstrapping");
        assertThat(greeted(0)).isTrue();
        assertThat(greeted(1)).isTrue();
        assertThat(host.reports().getFirst().orAddresses())
                .isEqualTo(swapped.getFirst().orAddresses());
        assertThat(lines).noneMatch(line -> line.contains("cannot listen"));
    }

    private InstanceSpec at(int relay, int port) {
        return TestSpecs.of(
                "r" + relay, "Nick" + relay, Objects.requireNonNull(RelayAddress.parseIp("127.0.0.1", port)));
    }

    /// Whether the relay's side of a link handshake comes; it closes the link instead where it meets a
    /// bug of ours.
    ///
    /// @throws IOException where nothing listens
    private boolean greeted(int relay) throws Exception {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port(relay));
        try (SSLSocket socket =
                (SSLSocket) trusting().getSocketFactory().createSocket(plain, "localhost", port(relay), true)) {
            socket.setSoTimeout((int) READ_LIMIT.toMillis());
            socket.startHandshake();
            socket.getOutputStream().write(VERSIONS);
            socket.getOutputStream().flush();
            // VERSIONS and the head of CERTS.
            return socket.getInputStream().readNBytes(VERSIONS.length + 7).length == VERSIONS.length + 7;
        } catch (EOFException | SSLException | SocketException e) {
            return false;
        }
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                null,
                new TrustManager[] {
                    new X509TrustManager() {
                        @Override
                        public void checkClientTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public void checkServerTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public X509Certificate[] getAcceptedIssuers() {
                            return new X509Certificate[0];
                        }
                    }
                },
                new SecureRandom());
        return context;
    }

    private InstanceStatus status(int relay) {
        return host.status().get(relay);
    }

    private void awaitState(int relay, String word) {
        await().atMost(PATIENCE).until(() -> status(relay).state().word().equals(word));
    }

    private int port(int relay) {
        return specs.get(relay).orAddresses().getFirst().port();
    }

    private static List<InstanceSpec> specs() throws IOException {
        List<InstanceSpec> specs = new ArrayList<>();
        for (int i = 0; i < RELAYS; i++) {
            RelayAddress address = Objects.requireNonNull(RelayAddress.parseIp("127.0.0.1", FreePorts.next()));
            specs.add(TestSpecs.of("r" + i, "Nick" + i, address));
        }
        return specs;
    }
}
