package sallyport.lab.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sallyport.engine.address.Destination;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.directory.Authority;
import sallyport.engine.world.Log;
import sallyport.engine.world.RealWorld;
import sallyport.lab.client.ClientSettings.Flow;
import sallyport.lab.control.ControlClient;
import sallyport.lab.guard.KeptGuard;
import sallyport.lab.guard.StateFile;
import sallyport.lab.load.ClientOpener;
import sallyport.lab.load.LoadPlan;
import sallyport.lab.load.LoadReport;
import sallyport.lab.load.LoadRun;
import sallyport.lab.load.LoadServer;
import sallyport.lab.load.Mix;
import sallyport.lab.network.JoinedNetwork;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.path.PathRules;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.socks.SocksPort;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Curl;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.SocksRefusal;
import sallyport.lab.traffic.TestDns;

/// The embedded client in a network of C tor: it learns the network from C tor's authorities, and leaves
/// through C tor and through us.
class EmbeddedClientInteropIT {
    private static final Duration LISTED = Duration.ofMinutes(3);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int OR_PORT = 9_001;
    private static final int MEBIBYTE = 1 << 20;
    /// Nobody listens there.
    private static final int CLOSED_PORT = 8_124;
    private static final String SITE = "website.example";

    private static JoinedNetwork joined;
    private static RealWorld world;
    private static ClientNetwork clients;
    private static String torExit;
    private static String ourExit;
    private static LabClient throughTor;
    private static LabClient throughUs;
    private static Destination site;

    @BeforeAll
    static void bringUp() throws Exception {
        joined = JoinedNetwork.start(PrivateNetwork.plan().relays(2).exits(1).clients(0), within -> {
            String address = within.freshAddress();
            return List.of(SallyportConfig.Relay.exit("sally", address, OR_PORT, address));
        });
        PrivateNetwork network = joined.network();
        String host = joined.server().address().getHostString();
        network.dns().put(SITE, host);
        site = Destination.of(host, joined.server().port());
        torExit = network.exits().getFirst().fingerprint();
        ourExit = joined.identities().getFirst().fingerprint();
        network.awaitListed(ourExit, Set.of("Running", "Valid", "Exit"), LISTED);

        Path files = network.leash().directory().resolve("embedded");
        Log log = (level, client, text) -> System.err.println(level + " " + client + " " + text);
        world = new RealWorld(files, 1, log);
        clients = ClientNetwork.join(world, authorities(), true);
        clients.awaitRelays(PATIENCE);
        throughTor = client("through-tor", torExit, Flow.COUNTER_GALOIS);
        throughUs = client("through-us", ourExit, Flow.COUNTER_GALOIS);
    }

    private static List<Authority> authorities() throws Malformed {
        List<Authority> authorities = new ArrayList<>();
        for (String line : joined.network().authorityLines()) {
            authorities.add(Authority.parse(line));
        }
        return authorities;
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (clients != null) {
            System.err.println("directory: " + clients.directoryFaults().snapshot());
            clients.close();
        }
        if (world != null) {
            world.close();
        }
        if (joined != null) {
            joined.close();
        }
    }

    @Test
    void usersOfEveryKindAreServedWithoutASocksPort() throws Exception {
        try (LoadServer far =
                LoadServer.start(new InetSocketAddress(joined.server().address().getAddress(), 0))) {
            LoadPlan plan = new LoadPlan(
                    Mix.parse("web=1,chat=1,upload=0.5,resolve=2"),
                    Duration.ZERO,
                    Duration.ofSeconds(4),
                    5,
                    1,
                    1_000,
                    PATIENCE,
                    far.address(),
                    SITE);
            LoadReport report = LoadRun.runOn(throughUs.loop(), plan, new ClientOpener(List.of(throughUs)), List.of());
            assertThat(report.isClean()).as(String.join("\n", report.lines())).isTrue();
            assertThat(throughUs.faults()).isEmpty();
        }
    }

    /// Three mebibytes are six thousand cells: beyond every window that a circuit starts with.
    @ParameterizedTest
    @EnumSource(Flow.class)
    void contentArrivesByteExactInBothDirectionsThroughBothExits(Flow flow) throws Exception {
        Content content = Content.of(7);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out, 3 * MEBIBYTE);
        byte[] body = out.toByteArray();
        for (String exit : List.of(torExit, ourExit)) {
            try (LabClient client = client("of " + flow, exit, flow)) {
                for (int length : List.of(1, 498, 3 * MEBIBYTE)) {
                    Exchange.Answer got = fetched(Exchange.get(client, Isolation.NONE, site, "/bytes/" + length));
                    assertThat(got.reason()).isEqualTo(EndReason.DONE);
                    assertThat(got.length()).isEqualTo(length);
                    assertThat(got.sha256()).isEqualTo(joined.server().sha256(length));
                }
                Exchange.Answer got = fetched(Exchange.post(client, Isolation.NONE, site, "/sink", body));
                assertThat(got.text()).isEqualTo(body.length + " " + content.sha256(body.length) + "\n");
                assertThat(client.faults()).isEmpty();
            }
        }
    }

    /// Through C tor's exit and through ours, by two legs each.
    @Test
    void confluxSetsCarryContentByteExactInBothDirections() throws Exception {
        Content content = Content.of(11);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out, 3 * MEBIBYTE);
        byte[] body = out.toByteArray();
        for (String exit : List.of(torExit, ourExit)) {
            try (LabClient client = clients.client(settings("conflux", exit, Flow.COUNTER_GALOIS)
                    .withCircuits(16, 0)
                    .withConflux(true))) {
                List<Exchange> down = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    down.add(Exchange.get(client, Isolation.NONE, site, "/bytes/" + (3 * MEBIBYTE + i)));
                }
                for (int i = 0; i < down.size(); i++) {
                    assertThat(fetched(down.get(i)).sha256())
                            .isEqualTo(joined.server().sha256(3 * MEBIBYTE + i));
                }
                Exchange.Answer got = fetched(Exchange.post(client, Isolation.NONE, site, "/sink", body));
                assertThat(got.text()).isEqualTo(body.length + " " + content.sha256(body.length) + "\n");
                assertThat(client.faults()).isEmpty();
                assertThat(client.counts().circuitsBuilt()).isEqualTo(1);
                assertThat(client.counts().legsLinked()).isEqualTo(2);
            }
        }
    }

    /// Somebody who reads a little at a time is waited for: by XOFF, or by SENDMEs that are not sent.
    @ParameterizedTest
    @EnumSource(Flow.class)
    void applicationsBehindTheSocksPortAreServedAtTheirPace(Flow flow) throws Exception {
        for (String exit : List.of(torExit, ourExit)) {
            try (LabClient client = client("socks of " + flow, exit, flow);
                    SocksPort socks = SocksPort.listen(world, client, new InetSocketAddress("127.0.0.1", 0))) {
                SocksFetch fetch = new SocksFetch(socks.address()).as("somebody");
                Fetched down = fetch.get(host(), site.port(), "/bytes/3000000");
                assertThat(down.sha256()).isEqualTo(joined.server().sha256(3_000_000));
                Content content = Content.of(9);
                Fetched up = fetch.post(host(), site.port(), "/sink", content, MEBIBYTE);
                assertThat(up.text()).isEqualTo(MEBIBYTE + " " + content.sha256(MEBIBYTE) + "\n");
                assertThat(readSlowly(socks, 4 * MEBIBYTE))
                        .isEqualTo(joined.server().sha256(4 * MEBIBYTE));
                assertThat(client.faults()).isEmpty();
                assertThat(socks.refused()).isZero();
            }
        }
    }

    /// By C tor's words: the program cannot tell whose port it is.
    @Test
    void socksAnswersAreThoseOfCTor() throws Exception {
        try (SocksPort socks = SocksPort.listen(world, throughUs, new InetSocketAddress("127.0.0.1", 0))) {
            SocksFetch fetch = new SocksFetch(socks.address());
            assertThat(fetch.resolve(SITE)).isEqualTo(InetAddress.ofLiteral(host()));
            joined.network().dns().pointer("192.0.2.9", "nine.example").fail("broken.example", TestDns.SERVFAIL);
            assertThat(fetch.resolvePtr("192.0.2.9")).isEqualTo("nine.example");
            assertThat(refusal(() -> fetch.resolve("broken.example"))).isEqualTo(4);
            assertThat(refusal(() -> fetch.get(host(), CLOSED_PORT, "/"))).isEqualTo(5);
            assertThat(refusal(() -> fetch.get("absent.example", 80, "/"))).isEqualTo(4);
            Curl.Result curl = Curl.run(
                    socks.address(), "curl", PATIENCE, List.of("http://" + SITE + ":" + site.port() + "/bytes/100000"));
            assertThat(curl.complaint()).isEmpty();
            assertThat(curl.sha256()).isEqualTo(joined.server().sha256(100_000));
        }
    }

    @Test
    void manyStreamsShareACircuitAndIsolationsDoNot() throws Exception {
        long before = throughUs.counts().circuitsBuilt();
        List<Exchange> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(Exchange.get(throughUs, Isolation.by("user " + i % 4), site, "/bytes/" + (100_000 + i)));
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(fetched(all.get(i)).sha256()).isEqualTo(joined.server().sha256(100_000 + i));
        }
        assertThat(throughUs.counts().circuitsBuilt() - before).isBetween(2L, 8L);
    }

    @Test
    void namesAreResolvedAtTheExitAndRefusalsHaveTheirReason() throws Exception {
        Destination byName = Destination.of(SITE, joined.server().port());
        assertThat(fetched(Exchange.get(throughUs, Isolation.NONE, byName, "/bytes/10"))
                        .length())
                .isEqualTo(10);
        ResolvedMessage answers = fetched(Exchange.resolve(throughUs, SITE)).resolved();
        assertThat(answers).isNotNull();
        assertThat(Hex.lower(answers.answers().getFirst().value()))
                .isEqualTo(Hex.lower(
                        InetAddress.ofLiteral(joined.server().address().getHostString())
                                .getAddress()));
        Destination closed = Destination.of(joined.server().address().getHostString(), CLOSED_PORT);
        assertThat(fetched(Exchange.get(throughUs, Isolation.NONE, closed, "/")).reason())
                .isEqualTo(EndReason.CONNECTREFUSED);
        // C tor asks its socket twice what went wrong, and the second time it has forgotten.
        assertThat(fetched(Exchange.get(throughTor, Isolation.NONE, closed, "/"))
                        .reason())
                .isEqualTo(EndReason.MISC);
    }

    /// C tor leaves its guards in its state file; we begin with the first of them and leave what we know there, and C
    /// tor
    /// goes on with that.
    @Test
    void guardsAreHandedFromCTorToUsAndBack() throws Exception {
        TorNode tor = joined.network().addClient("UseEntryGuards 1", "NumEntryGuards 1", "NumDirectoryGuards 1");
        await().atMost(PATIENCE).until(() -> !confirmed(guards(tor)).isEmpty());
        List<String> theirs = guards(tor);
        tor.stop();
        Path state = tor.data().resolve(StateFile.NAME);
        List<KeptGuard> left = kept(state);
        assertThat(left).extracting(KeptGuard::fingerprint).isEqualTo(fingerprints(theirs));

        Path place =
                Files.createDirectories(joined.network().leash().directory().resolve("guards"));
        Files.copy(state, place.resolve(StateFile.NAME));
        String exit = confirmed(theirs).contains(torExit) ? ourExit : torExit;
        try (RealWorld own = new RealWorld(place, 1, (_, _, _) -> {});
                ClientNetwork network = ClientNetwork.join(own, authorities(), true)) {
            network.awaitRelays(PATIENCE);
            try (LabClient client = network.client(settings("guarded", exit, Flow.COUNTER_GALOIS)
                    .withRules(new PathRules(0, /* distinctSubnets= */ false, Set.of(exit)))
                    .withGuardsFile(StateFile.NAME))) {
                assertThat(fetched(Exchange.get(client, Isolation.NONE, site, "/bytes/1000"))
                                .sha256())
                        .isEqualTo(joined.server().sha256(1_000));
            }
        }
        // Another guard would have become a confirmed one. Some that C tor would not sample here may follow.
        assertThat(kept(place.resolve(StateFile.NAME)))
                .startsWith(left.toArray(KeptGuard[]::new))
                .filteredOn(guard -> guard.confirmedIdx() >= 0)
                .hasSameSizeAs(confirmed(theirs));

        // And such as begin with us.
        try (RealWorld own = new RealWorld(place, 1, (_, _, _) -> {});
                ClientNetwork network = ClientNetwork.join(own, authorities(), true)) {
            own.storage().delete(StateFile.NAME);
            network.awaitRelays(PATIENCE);
            try (LabClient client = network.client(settings("first", exit, Flow.COUNTER_GALOIS)
                    .withRules(new PathRules(0, /* distinctSubnets= */ false, Set.of(exit)))
                    .withGuardsFile(StateFile.NAME))) {
                fetched(Exchange.get(client, Isolation.NONE, site, "/bytes/1000"));
            }
        }
        List<KeptGuard> ours = kept(place.resolve(StateFile.NAME));
        Files.copy(place.resolve(StateFile.NAME), state, StandardCopyOption.REPLACE_EXISTING);
        tor.start();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(fingerprints(guards(tor)))
                        .isEqualTo(ours.stream().map(KeptGuard::fingerprint).toList()));
        List<String> known = confirmed(guards(tor));
        assertThat(ours).anyMatch(guard -> guard.confirmedIdx() == 0 && known.contains(guard.fingerprint()));
        assertThat(tor.warnings()).noneMatch(line -> line.contains("nable to") || line.contains(" Guard "));
    }

    /// What C tor's client says of its guards, in the order of its sample: `$FINGERPRINT~nickname up`.
    private static List<String> guards(TorNode tor) throws Exception {
        try (ControlClient control = tor.control()) {
            return control.info("entry-guards").strip().lines().toList();
        }
    }

    private static List<String> fingerprints(List<String> guards) {
        return guards.stream().map(line -> line.substring(1, 41)).toList();
    }

    private static List<String> confirmed(List<String> guards) {
        return fingerprints(guards.stream()
                .filter(line -> !line.contains(" never-connected"))
                .toList());
    }

    private static List<KeptGuard> kept(Path state) throws IOException {
        return StateFile.parse(Files.readAllBytes(state), Instant.now())
                .orElseThrow()
                .guards();
    }

    private static int refusal(ThrowableAssert.ThrowingCallable call) {
        SocksRefusal refusal = catchThrowableOfType(SocksRefusal.class, call);
        assertThat(refusal).isNotNull();
        return refusal.reply();
    }

    /// Reads 64 KiB every few milliseconds, after a pause in which much more would have come.
    private static String readSlowly(SocksPort socks, int length) throws Exception {
        MessageDigest digest = Content.newSha256();
        try (Socket socket = new SocksFetch(socks.address()).as("slow").open(host(), site.port())) {
            socket.getOutputStream()
                    .write(("GET /bytes/" + length + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(500);
            InputStream in = socket.getInputStream();
            StringBuilder header = new StringBuilder();
            while (!header.toString().endsWith("\r\n\r\n")) {
                header.append((char) in.read());
            }
            byte[] some = new byte[64 << 10];
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                digest.update(some, 0, n);
                Thread.sleep(2);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String host() {
        return joined.server().address().getHostString();
    }

    private static LabClient client(String name, String exit, Flow flow) {
        return clients.client(settings(name, exit, flow));
    }

    private static ClientSettings settings(String name, String exit, Flow flow) {
        return ClientSettings.DEFAULT
                .withName(name)
                .withFlow(flow)
                .withRules(new PathRules(2, /* distinctSubnets= */ false, Set.of(exit)))
                .withOpenLimit(PATIENCE);
    }

    private static Exchange.Answer fetched(Exchange exchange) throws Exception {
        return exchange.answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
