package sallyport.lab.onionservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import sallyport.lab.control.ControlClient;
import sallyport.lab.network.JoinedNetwork;
import sallyport.lab.network.NetworkPlan;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.TestServer;

/// An onion service of C tor and a client of C tor that both use no relay of C tor: whoever keeps its descriptor,
/// introduces and joins them is ours.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OnionServiceInteropIT {
    private static final Duration LISTED = Duration.ofMinutes(4);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    // A client's path to a service's introduction point has four hops, and none twice.
    private static final int RELAYS = 7;
    private static final int OR_PORT = 9_001;
    private static final int SERVICE_PORT = 80;
    // rend-spec-v3 "Denial-of-service defense extension". As in C tor the last token of a bucket passes nothing, so
    // each introduction point passes one introduction every two seconds.
    private static final List<String> GUARDED = List.of(
            "HiddenServiceEnableIntroDoSDefense 1",
            "HiddenServiceEnableIntroDoSRatePerSec 1",
            "HiddenServiceEnableIntroDoSBurstPerSec 2");
    // A service has three introduction points, and a client that is refused asks the next one.
    private static final int FLOOD_USERS = 12;
    private static final Pattern COUNT = Pattern.compile("([a-z-]+)=(\\d+)");

    private static JoinedNetwork joined;
    private static PrivateNetwork network;
    private static TestServer server;
    private static SallyportProcess sallyport;
    private static String onion;
    private static String guarded;
    private static final AtomicInteger floods = new AtomicInteger();

    @BeforeAll
    static void bringUp() throws Exception {
        NetworkPlan plan = PrivateNetwork.plan()
                .relays(1)
                .clients(0)
                // Our relays are one family, and all of a path shall be ours.
                .onAuthorities("ConsensusParams use-family-lists=0 use-family-ids=0");
        joined = JoinedNetwork.start(plan, OnionServiceInteropIT::relays);
        network = joined.network();
        server = joined.server();
        sallyport = joined.sallyport();
        onlyOursAreDirectories();
        for (Identity ours : joined.identities()) {
            network.awaitListed(ours.fingerprint(), Set.of("Running", "Valid", "Fast", "HSDir"), LISTED);
        }
        await().atMost(LISTED)
                .until(() -> ctors().map(OnionServiceInteropIT::fingerprint)
                        .noneMatch(theirs -> network.consensus().flags(theirs).contains("HSDir")));
        String notTheirs = "ExcludeNodes "
                + ctors().map(OnionServiceInteropIT::fingerprint).collect(Collectors.joining(","));
        Path directory = network.leash().directory().resolve("onion");
        Path guardedDirectory = network.leash().directory().resolve("guarded");
        String port = "HiddenServicePort " + SERVICE_PORT + " "
                + server.address().getHostString() + ":" + server.address().getPort();
        List<String> services = new ArrayList<>(List.of(
                notTheirs,
                "VanguardsLiteEnabled 0",
                "HiddenServiceDir " + directory,
                port,
                "HiddenServiceDir " + guardedDirectory,
                port));
        services.addAll(GUARDED);
        network.addClient(services.toArray(String[]::new));
        onion = Files.readString(directory.resolve("hostname")).strip();
        guarded = Files.readString(guardedDirectory.resolve("hostname")).strip();
        network.addClient(notTheirs, "VanguardsLiteEnabled 0");
    }

    private static List<SallyportConfig.Relay> relays(PrivateNetwork within) {
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (int i = 0; i < RELAYS; i++) {
            String address = within.freshAddress();
            relays.add(SallyportConfig.Relay.exit("sally" + i, address, OR_PORT, address)
                    .withPolicy("reject *:*"));
        }
        return relays;
    }

    private static void onlyOursAreDirectories() throws Exception {
        String ours = joined.identities().stream()
                .map(identity -> "$" + identity.fingerprint())
                .collect(Collectors.joining(","));
        for (TorNode authority : network.authorities()) {
            try (ControlClient control = authority.control()) {
                control.setConf("TestingDirAuthVoteHSDir=\"" + ours + "\"", "TestingDirAuthVoteHSDirIsStrict=1");
            }
        }
    }

    private static Stream<TorNode> ctors() {
        return Stream.concat(network.authorities().stream(), network.relays().stream());
    }

    private static String fingerprint(TorNode node) {
        try {
            return node.fingerprint();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (joined != null) {
            joined.close();
        }
    }

    /// HSIntro=5: what the service asks of its introduction points travels in its ESTABLISH_INTRO, and a burst beyond
    /// it is refused before it reaches the service. The authorities voted no such rate: without the service's wish
    /// all of the burst would pass, as at the service without one.
    @Test
    @Order(1)
    void anIntroductionPointHoldsAFloodToTheRateThatTheServiceAskedFor() throws Exception {
        long refusedAtAll = counts().get("introductions-refused");
        SocksFetch unguarded = reach(onion);
        flood(unguarded, onion);
        assertThat(counts().get("introductions-refused")).isEqualTo(refusedAtAll);
        assertThat(nacks()).isEmpty();

        SocksFetch fetch = reach(guarded);
        await().atMost(PATIENCE).until(() -> {
            flood(fetch, guarded);
            return counts().get("introductions-refused") > refusedAtAll;
        });
        assertThat(nacks()).isNotEmpty();
    }

    /// All at once, each with a circuit of its own to an introduction point.
    private static void flood(SocksFetch fetch, String service) throws InterruptedException {
        List<Thread> users = new ArrayList<>();
        for (int i = 0; i < FLOOD_USERS; i++) {
            SocksFetch user = fetch.as("flood" + floods.incrementAndGet());
            users.add(Thread.ofVirtual().start(() -> {
                try {
                    user.get(service, SERVICE_PORT, "/bytes/1");
                } catch (IOException refused) {
                    System.err.println("a user of the flood: " + refused.getMessage());
                }
            }));
        }
        for (Thread user : users) {
            user.join();
        }
    }

    /// What the client was told by introduction points that passed nothing on.
    private static List<String> nacks() throws IOException {
        return network.clients().getLast().infos().stream()
                .filter(line -> line.contains("Received INTRODUCE_ACK nack"))
                .toList();
    }

    private static SocksFetch reach(String service) {
        SocksFetch fetch = new SocksFetch(network.clients().getLast().socks());
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(() -> fetch.get(service, SERVICE_PORT, "/bytes/1").length() == 1);
        return fetch;
    }

    @Test
    @Order(2)
    void aServiceIsFoundIntroducedAndJoinedByOurRelaysAndEveryByteArrives() throws Exception {
        SocksFetch fetch = reach(onion);
        int meetings = 1;
        for (long length : new long[] {498, 1 << 20, 16 << 20}) {
            // Each user is kept apart from the others: another rendezvous.
            SocksFetch user = fetch.as("user" + length);
            Fetched down = user.get(onion, SERVICE_PORT, "/bytes/" + length);
            assertThat(down.length()).isEqualTo(length);
            assertThat(down.sha256()).isEqualTo(server.sha256(length));
            Content content = Content.of(length);
            Fetched up = user.post(onion, SERVICE_PORT, "/sink", content, length);
            assertThat(up.text()).isEqualTo(length + " " + content.sha256(length) + "\n");
            meetings++;
        }

        Map<String, Long> counts = counts();
        assertThat(counts.get("introductions")).isGreaterThanOrEqualTo(meetings);
        assertThat(counts.get("joins")).isGreaterThanOrEqualTo(meetings);
        assertThat(counts.get("introduction-points")).isGreaterThanOrEqualTo(3);
        assertThat(counts.get("onion-descriptors-stored")).isPositive();
        assertThat(counts.get("onion-descriptors-fetched")).isPositive();

        for (TorNode client : network.clients()) {
            client.stop();
        }
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            Map<String, Long> after = counts();
            return after.get("introduction-points") + after.get("rendezvous-points") + after.get("joined-pairs") == 0;
        });
        assertThat(sallyport.lines()).noneMatch(line -> line.contains("ERROR"));
    }

    /// What all our relays answer to SIGUSR1, summed up.
    private static Map<String, Long> counts() throws Exception {
        int before = countLines().size();
        sallyport.signal("USR1");
        await().atMost(PATIENCE).until(() -> countLines().size() >= before + 2 * RELAYS);
        Map<String, Long> sums = new TreeMap<>();
        for (String line : countLines().subList(before, before + 2 * RELAYS)) {
            Matcher matcher = COUNT.matcher(line);
            while (matcher.find()) {
                sums.merge(matcher.group(1), Long.valueOf(matcher.group(2)), Long::sum);
            }
        }
        return sums;
    }

    private static List<String> countLines() {
        return sallyport.lines().stream()
                .filter(line -> line.contains(" sally"))
                .filter(line -> line.contains(" counts: ") || line.contains(" served: "))
                .toList();
    }
}
