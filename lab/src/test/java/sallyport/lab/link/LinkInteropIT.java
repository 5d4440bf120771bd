package sallyport.lab.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.HostLimits;
import sallyport.engine.link.CellReceiver;
import sallyport.engine.link.CircuitPort;
import sallyport.engine.link.DialResult;
import sallyport.engine.link.DialTarget;
import sallyport.engine.link.Link;
import sallyport.engine.link.LinkCounters;
import sallyport.engine.link.LinkSettings;
import sallyport.engine.link.Links;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.Log;
import sallyport.engine.world.RealWorld;
import sallyport.lab.network.Loopback;
import sallyport.lab.process.Leash;

/// One link between us and C tor, in both directions, as C tor's own log tells it.
class LinkInteropIT {
    private static final long PATIENCE_SECONDS = 30;

    private final Log log = (level, relay, text) -> System.err.println(level + " " + relay + " " + text);
    private final FaultCounters faults = new FaultCounters();
    private final CellPool pool = new CellPool();
    private final CompletableFuture<Integer> created = new CompletableFuture<>();

    private Leash leash;
    private Loopback loopback;
    private RealWorld world;
    private EventLoop loop;
    private RelayKeys keys;
    private RelayAddress us;
    private RelayAddress us6;
    private NetworkParameters parameters = NetworkParameters.NONE;
    private final CompletableFuture<Link> client = new CompletableFuture<>();
    private boolean answering = true;
    private Links links;

    @BeforeEach
    void setUp() throws Exception {
        leash = Leash.fresh("sallyport-link-", Duration.ofMinutes(5));
        loopback = Loopback.take();
        world = new RealWorld(leash.directory().resolve("us"), 1, log);
        loop = world.loops().all().getFirst();
        keys = RelayKeys.open(world.storage(), "relays/us/keys", world.entropy(), InstantSource.system());
        String address = loopback.freshAddress();
        us = LoneTor.address(address, Loopback.freePort(address, 5000));
        us6 = LoneTor.address("::1", Loopback.freePort("::1", 5000));
        LinkSettings settings = new LinkSettings(
                "us",
                keys.identity(),
                keys::linkCredentials,
                List.of(us, us6),
                SourceAddresses.of(List.of(us.inet())),
                () -> RelayIndex.EMPTY,
                () -> parameters,
                faults,
                new RelayStatistics(world, new BandwidthHistory(), RelayStatistics.PERIOD),
                HostLimits.of(world, 0).open("us", loop, faults),
                link -> {});
        links = new Links(settings, world, loop, pool, this::refuse);
        links.listen(us.socket()).sync();
        links.listen(us6.socket()).sync();
    }

    @AfterEach
    void tearDown() throws Exception {
        onLoop(() -> {
            links.close();
            return null;
        });
        assertThat(onLoop(pool::outstanding)).isZero();
        leash.close();
        loopback.close();
        world.close();
    }

    @Test
    void cTorTakesOurAuthenticationAndAnswersOurCircuit() throws Exception {
        String address = loopback.freshAddress();
        int port = Loopback.freePort(address, 5000);
        LoneTor tor = relay(address, port);
        DialTarget target = new DialTarget(List.of(LoneTor.address(address, port)), tor.rsaDigest(), tor.ed25519());
        // Without a descriptor of its own it names no address of its own either.
        tor.awaitInfo("Rebuilding relay descriptor");

        Link link = dial(target);

        assertThat(link.version()).isEqualTo(5);
        assertThat(link.isClient()).isFalse();
        assertThat(link.isCanonical()).isTrue();
        assertThat(link.peerNamedOurAddress()).isTrue();
        tor.awaitDebug("AUTHENTICATE");
        tor.awaitDebug("Looks good.");
        tor.awaitInfo("OR connection is now open, using protocol version 5. Its ID digest is "
                + keys.identity().fingerprint());
        assertThat(onLoop(() -> new FastCircuit(link)).created.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isEqualTo("keys agree");
        assertThat(dial(target)).isSameAs(link);
        assertThat(faults.snapshot()).isEmpty();
    }

    @Test
    void aDifferentIdentityThanExpectedIsRefused() throws Exception {
        String address = loopback.freshAddress();
        int port = Loopback.freePort(address, 5000);
        LoneTor tor = relay(address, port);
        byte[] other = tor.ed25519().clone();
        other[5] ^= 1;
        DialTarget target = new DialTarget(List.of(LoneTor.address(address, port)), tor.rsaDigest(), other);

        assertThat(dialFailure(target)).isEqualTo(DestroyReason.OR_IDENTITY);
    }

    @Test
    void aClientOfCTorOpensALinkAndACircuit() throws Exception {
        LoneTor tor = bridgeClient(us);

        tor.awaitInfo("OR connection is now open, using protocol version 5. Its ID digest is "
                + keys.identity().fingerprint());
        assertThat(created.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(CellCommand.CREATE_FAST);
        await().untilAsserted(() -> assertThat(links.counters().get(LinkCounters.Kind.OPENED_ACCEPTED_CLIENT))
                .isPositive());
        assertThat(faults.snapshot()).isEmpty();
    }

    @Test
    void linksOverIpv6WorkBothWays() throws Exception {
        String address = loopback.freshAddress();
        int port = Loopback.freePort(address, 5000);
        int port6 = Loopback.freePort("::1", 15_000);
        LoneTor tor = relay(address, port, "ORPort [::1]:" + port6);
        tor.awaitInfo("Rebuilding relay descriptor");

        Link link = dial(new DialTarget(List.of(LoneTor.address("::1", port6)), tor.rsaDigest(), tor.ed25519()));

        assertThat(link.isIpv6()).isTrue();
        assertThat(link.isCanonical()).isTrue();
        assertThat(link.peerNamedOurAddress()).isTrue();
        assertThat(onLoop(() -> new FastCircuit(link)).created.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isEqualTo("keys agree");

        bridgeClient(us6, "ClientUseIPv6 1");
        assertThat(client.get(PATIENCE_SECONDS, TimeUnit.SECONDS).isIpv6()).isTrue();
        assertThat(faults.snapshot()).isEmpty();
    }

    /// Sending for a circuit of several hops is what the test pretends: a lone client has nowhere to go.
    @Test
    void aClientOfCTorTakesOurPadding() throws Exception {
        parameters = new NetworkParameters(Map.of("nf_ito_low", 100, "nf_ito_high", 300));
        answering = false;
        LoneTor tor = bridgeClient(us, "ConnectionPadding 1");
        Link link = client.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        onLoop(() -> {
            link.onCircuitCell(false);
            return null;
        });

        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .untilAsserted(() -> assertThat(links.counters().get(LinkCounters.Kind.PADDING_SENT))
                        .isGreaterThan(5));
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(tor.paddingCellsProcessed()).isGreaterThan(3));
        assertThat(links.counters().get(LinkCounters.Kind.PADDING_STOPPED)).isZero();
        assertThat(faults.snapshot()).isEmpty();
    }

    @Test
    void aClientOfCTorThatWantsNoPaddingGetsNone() throws Exception {
        parameters = new NetworkParameters(Map.of("nf_ito_low", 100, "nf_ito_high", 300));
        answering = false;
        bridgeClient(us, "ConnectionPadding 0");
        Link link = client.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .untilAsserted(() -> assertThat(links.counters().get(LinkCounters.Kind.PADDING_STOPPED))
                        .isEqualTo(1));
        onLoop(() -> {
            link.onCircuitCell(false);
            return null;
        });
        Thread.sleep(Duration.ofSeconds(2));
        assertThat(links.counters().get(LinkCounters.Kind.PADDING_SENT)).isZero();
        assertThat(faults.snapshot()).isEmpty();
    }

    private LoneTor bridgeClient(RelayAddress bridge, String... more) throws Exception {
        List<String> lines = new ArrayList<>(List.of(
                "SocksPort 0",
                "UseBridges 1",
                "Bridge " + bridge + " " + keys.identity().fingerprint()));
        lines.addAll(List.of(more));
        return LoneTor.start(leash, "client", lines.toArray(String[]::new));
    }

    private LoneTor relay(String address, int port, String... more) throws Exception {
        List<String> lines = new ArrayList<>(List.of(
                "Nickname lone",
                "Address " + address,
                "ORPort " + address + ":" + port,
                "SocksPort 0",
                "ExitRelay 0",
                "AssumeReachable 1",
                "PublishServerDescriptor 0"));
        lines.addAll(List.of(more));
        return LoneTor.start(leash, "relay", lines.toArray(String[]::new));
    }

    private void refuse(Link link, Cell cell) {
        created.complete(cell.command());
        client.complete(link);
        if (answering) {
            link.sendDestroy(cell.circuitId(), DestroyReason.RESOURCELIMIT);
        }
        cell.release();
    }

    private Link dial(DialTarget target) throws Exception {
        CompletableFuture<Link> opened = new CompletableFuture<>();
        dial(target, opened, new CompletableFuture<>());
        return opened.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private DestroyReason dialFailure(DialTarget target) throws Exception {
        CompletableFuture<DestroyReason> failed = new CompletableFuture<>();
        dial(target, new CompletableFuture<>(), failed);
        return failed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void dial(DialTarget target, CompletableFuture<Link> opened, CompletableFuture<DestroyReason> failed) {
        loop.execute(() -> links.dial(target, new DialResult() {
            @Override
            public void opened(Link link) {
                opened.complete(link);
            }

            @Override
            public void failed(DestroyReason reason) {
                failed.complete(reason);
                opened.completeExceptionally(new AssertionError(reason + " " + faults.snapshot()));
            }
        }));
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        return loop.submit(work).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// A circuit of one hop by CREATE_FAST, whose answer proves that the keys agree (tor-spec "CREATE_FAST").
    private final class FastCircuit implements CellReceiver {
        private static final int KEY_BYTES = 20;

        final CompletableFuture<String> created = new CompletableFuture<>();
        private final byte[] x = world.entropy().secret(KEY_BYTES);
        private final CircuitPort port;

        FastCircuit(Link link) {
            port = link.open(this);
            Cell cell = pool.acquire();
            cell.command(CellCommand.CREATE_FAST);
            cell.putBytes(0, x, 0, KEY_BYTES);
            cell.zeroFrom(KEY_BYTES);
            port.send(cell);
        }

        @Override
        public void onCell(Cell cell) {
            byte[] y = Arrays.copyOfRange(cell.array(), Cell.BODY, Cell.BODY + KEY_BYTES);
            byte[] check = Arrays.copyOfRange(cell.array(), Cell.BODY + KEY_BYTES, Cell.BODY + 2 * KEY_BYTES);
            int command = cell.command();
            cell.release();
            boolean agree = Arrays.equals(check, Hashes.sha1(x, y, new byte[] {0}));
            created.complete(command == CellCommand.CREATED_FAST && agree ? "keys agree" : "wrong answer");
            port.destroy(DestroyReason.FINISHED);
        }

        @Override
        public void onDestroy(int reasonCode) {
            created.complete("destroyed " + reasonCode);
        }

        @Override
        public void onLinkClosed() {
            created.complete("link closed");
        }

        @Override
        public void onQueueLow() {}
    }
}
