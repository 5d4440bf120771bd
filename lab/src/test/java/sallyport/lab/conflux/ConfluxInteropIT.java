package sallyport.lab.conflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sallyport.engine.descriptor.AdvertisedProtocols;
import sallyport.lab.conflux.ClientSets.Leg;
import sallyport.lab.network.Consensus;
import sallyport.lab.network.JoinedNetwork;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.TestServer;

/// C tor clients whose conflux sets (proposal 329) end at our exit: two legs over two guards, one of
/// which is far away and the other, for the client that wants throughput, behind a narrow way. The client's own
/// control port says which circuits are legs, and what each of them carried.
class ConfluxInteropIT {
    private static final Duration LISTED = Duration.ofMinutes(4);
    private static final Duration LINKED = Duration.ofMinutes(2);
    private static final Duration TRANSFER = Duration.ofMinutes(3);
    private static final Duration STALL_MAX = Duration.ofSeconds(5);
    private static final Duration FAR_AWAY = Duration.ofMillis(150);
    // Less than a busy machine carries, so that there is something left for the other leg.
    private static final long NARROW_BYTES_PER_SECOND = 3L << 20;
    private static final long LENGTH = 8L << 20;
    // Takes longer than the client needs to say which leg carries it: it does so once a second.
    private static final long LONG = 64L << 20;
    private static final long ENDLESS = 1L << 40;
    // More than what a leg carries that is only linked, and less than its first window.
    private static final long USED_BYTES = 30_000;

    private static JoinedNetwork joined;
    private static PrivateNetwork network;
    private static TestServer server;
    private static final List<DelayingProxy> PROXIES = new ArrayList<>();
    private static String exit;
    private static TorNode throughput;
    private static TorNode latency;

    @BeforeAll
    static void bringUp() throws Exception {
        joined = JoinedNetwork.start(PrivateNetwork.plan().relays(2).exits(1).clients(0), within -> {
            String address = within.freshAddress();
            return List.of(SallyportConfig.Relay.exit("sally1", address, 9_001, address));
        });
        network = joined.network();
        server = joined.server();
        exit = joined.identities().getFirst().fingerprint();
        network.awaitListed(exit, Set.of("Running", "Valid", "Exit"), LISTED);
        throughput = client("throughput", proxy().narrow(near().place().address(), NARROW_BYTES_PER_SECOND));
        latency = client("latency", proxy());
    }

    @AfterAll
    static void takeDown() throws Exception {
        for (DelayingProxy proxy : PROXIES) {
            proxy.close();
        }
        if (joined != null) {
            joined.close();
        }
    }

    /// Every number that C tor announces, and no other. What proves each is in docs/protocols.md.
    @Test
    void theConsensusHasTheSameProtocolsForUsAsForCTor() throws Exception {
        String theirs = network.exits().getFirst().fingerprint();
        network.awaitListed(theirs, Set.of("Running", "Valid", "Exit"), LISTED);
        Consensus consensus = network.consensus();
        assertThat(consensus.protocols(exit))
                .isEqualTo(consensus.protocols(theirs))
                .isEqualTo(AdvertisedProtocols.LINE);
    }

    /// With LowRTT whatever the near leg does not take goes over the far one.
    @Test
    void bothLegsCarryContentByteExact() throws Exception {
        try (ClientSets sets = new ClientSets(throughput)) {
            List<Leg> legs = awaitSet(sets, "bytes");
            download("bytes", throughput);
            await().atMost(TRANSFER).until(() -> used(sets).size() >= 2);
            assertThat(used(sets).stream().map(Leg::nonce).distinct()).hasSize(1);
            assertThat(used(sets).stream().map(Leg::guard))
                    .containsExactlyInAnyOrder(far().fingerprint(), near().fingerprint());
            upload("bytes", throughput);
            assertThat(legs).allSatisfy(leg -> assertThat(leg.exit()).isEqualTo(exit));
        }
        assertThat(complaints()).isEmpty();
    }

    /// Downloads first: while uploads fill its window, a client of C tor gets to read no new request.
    @Test
    void manyStreamsAtOnceArriveByteExact() throws Exception {
        try (ClientSets sets = new ClientSets(throughput);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            awaitSet(sets, "many");
            List<TimedDownload> downloads = new ArrayList<>();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                TimedDownload download = new TimedDownload(fetch(throughput, "many" + i % 2), server.address(), LENGTH);
                downloads.add(download);
                running.add(threads.submit(() -> {
                    complete("many", download);
                    return null;
                }));
            }
            await().atMost(TRANSFER).until(() -> downloads.stream().allMatch(download -> download.arrived() > 0));
            for (int i = 0; i < 2; i++) {
                String user = "many" + i;
                running.add(threads.submit(() -> {
                    upload(user, throughput);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(TRANSFER.toSeconds(), TimeUnit.SECONDS);
            }
        }
        assertThat(complaints()).isEmpty();
    }

    /// A client that wants latency has only the near leg used. The far one may go, and nobody notices.
    @Test
    void theLossOfAnIdleLegInMidTransferIsNotNoticed() throws Exception {
        try (ClientSets sets = new ClientSets(latency);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            awaitSet(sets, "idle");
            TimedDownload download = new TimedDownload(fetch(latency, "idle"), server.address(), LONG);
            Future<String> digest = threads.submit(download::run);
            await().atMost(TRANSFER)
                    .until(() -> download.arrived() > LENGTH && !used(sets).isEmpty());
            Leg near = used(sets).getFirst();
            Leg idle = sets.linked().get(near.nonce()).stream()
                    .filter(leg -> !leg.equals(near))
                    .findFirst()
                    .orElseThrow();
            assertThat(idle.guard()).isEqualTo(far().fingerprint());
            long before = download.arrived();
            sets.close(idle);
            assertThat(digest.get(TRANSFER.toSeconds(), TimeUnit.SECONDS)).isEqualTo(server.sha256(LONG));
            assertThat(before).as("closed in mid-transfer").isLessThan(LONG);
            assertThat(download.longestPause()).isLessThan(STALL_MAX);
        }
        assertThat(complaints()).isEmpty();
    }

    /// C tor knows no resumption: who loses a leg that carries something loses the set, at once, and links
    /// another. Whichever side notices first ends it.
    @Test
    void theLossOfALegInUseEndsTheSetAtOnceAndAnotherTakesOver() throws Exception {
        try (ClientSets sets = new ClientSets(throughput);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            awaitSet(sets, "used");
            TimedDownload download = new TimedDownload(fetch(throughput, "used"), server.address(), ENDLESS);
            Future<String> digest = threads.submit(download::run);
            String far = far().fingerprint();
            Leg lost = await().atMost(TRANSFER)
                    .until(
                            () -> used(sets).stream()
                                    .filter(leg -> leg.guard().equals(far))
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
            List<Leg> legs = sets.linked().getOrDefault(lost.nonce(), List.of(lost));
            sets.close(lost);
            if (!endsInTime(digest)) {
                // On a busy machine the exit may have gone over to the other leg that very moment; then that one
                // carries everything.
                for (Leg other : legs) {
                    if (!other.equals(lost)) {
                        sets.close(other);
                    }
                }
                assertThat(endsInTime(digest)).isTrue();
            }
            assertThat(download.arrived()).isLessThan(ENDLESS);
            assertThat(sets.linked()).doesNotContainKey(lost.nonce());
            awaitSet(sets, "again");
            download("again", throughput);
        }
        await().atMost(STALL_MAX).until(() -> server.openConnections() == 0);
        assertThat(complaints()).isEmpty();
    }

    private static DelayingProxy proxy() throws IOException {
        DelayingProxy proxy = DelayingProxy.start(network.freshAddress())
                .lengthen(far().place().address(), FAR_AWAY);
        PROXIES.add(proxy);
        return proxy;
    }

    /// Bridges are guards whatever flags they have, and of two each leg takes another.
    private static TorNode client(String ux, DelayingProxy proxy) throws Exception {
        List<String> lines = new ArrayList<>(List.of(
                "UseBridges 1",
                "UseEntryGuards 1",
                "ExitNodes " + exit,
                "StrictNodes 1",
                "ConfluxClientUX " + ux,
                "Socks5Proxy " + proxy.address().getAddress().getHostAddress() + ":"
                        + proxy.address().getPort()));
        for (TorNode guard : List.of(far(), near())) {
            lines.add("Bridge " + guard.place().address() + ":" + guard.place().orPort() + " " + guard.fingerprint());
        }
        return network.addClient(lines.toArray(String[]::new));
    }

    private static TorNode far() {
        return network.authorities().get(0);
    }

    private static TorNode near() {
        return network.authorities().get(1);
    }

    /// Waits for a linked set with two legs, and says what is linked.
    private static List<Leg> awaitSet(ClientSets sets, String why) {
        return await("a linked set for " + why)
                .atMost(LINKED)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(
                        () -> sets.linked().values().stream()
                                .flatMap(List::stream)
                                .toList(),
                        legs -> !legs.isEmpty());
    }

    /// Whether a download that nobody completes ends by an error, soon.
    private static boolean endsInTime(Future<String> digest) throws InterruptedException {
        try {
            digest.get(STALL_MAX.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /// The legs that have carried more than their linking.
    private static List<Leg> used(ClientSets sets) throws IOException, InterruptedException {
        return sets.linked().values().stream()
                .flatMap(List::stream)
                .filter(leg -> sets.read(leg) > USED_BYTES)
                .toList();
    }

    private static SocksFetch fetch(TorNode client, String user) {
        return new SocksFetch(client.socks()).as(user);
    }

    private static void download(String user, TorNode client) throws IOException {
        complete(user, new TimedDownload(fetch(client, user), server.address(), LENGTH));
    }

    private static void complete(String why, TimedDownload download) throws IOException {
        assertThat(download.run()).isEqualTo(server.sha256(LENGTH));
        System.err.println(why + ": longest pause of a download " + download.longestPause());
        assertThat(download.longestPause()).isLessThan(STALL_MAX);
    }

    private static void upload(String user, TorNode client) throws IOException {
        Content content = Content.of(3);
        String answer = fetch(client, user)
                .post(server.address(), "/sink", content, LENGTH)
                .text();
        assertThat(answer).isEqualTo(LENGTH + " " + content.sha256(LENGTH) + "\n");
    }

    /// What the clients think of our part in it.
    private static List<String> complaints() throws IOException {
        List<String> all = new ArrayList<>(throughput.warnings());
        all.addAll(latency.warnings());
        return all.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).contains("conflux"))
                .toList();
    }
}
