package sallyport.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sallyport.engine.address.Destination;
import sallyport.engine.bytes.Hex;
import sallyport.engine.cell.EndReason;
import sallyport.engine.cell.ResolvedMessage;
import sallyport.engine.directory.Authority;
import sallyport.engine.world.Log;
import sallyport.engine.world.RealWorld;
import sallyport.lab.network.JoinedNetwork;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.path.PathRules;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.traffic.Content;

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
        String ours = joined.identities().getFirst().fingerprint();
        network.awaitListed(ours, Set.of("Running", "Valid", "Exit"), LISTED);

        Path files = network.leash().directory().resolve("embedded");
        Log log = (level, client, text) -> System.err.println(level + " " + client + " " + text);
        world = new RealWorld(files, 1, log);
        List<Authority> authorities = new ArrayList<>();
        for (String line : network.authorityLines()) {
            authorities.add(Authority.parse(line));
        }
        clients = ClientNetwork.join(world, authorities, true);
        clients.awaitRelays(PATIENCE);
        throughTor = client("through-tor", network.exits().getFirst().fingerprint());
        throughUs = client("through-us", ours);
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
    void downloadsArriveByteExactThroughBothExits() throws Exception {
        for (LabClient client : List.of(throughTor, throughUs)) {
            for (int length : List.of(1, 498, 3 * MEBIBYTE)) {
                Exchange.Answer got = fetched(Exchange.get(client, Isolation.NONE, site, "/bytes/" + length));
                assertThat(got.reason()).isEqualTo(EndReason.DONE);
                assertThat(got.length()).isEqualTo(length);
                assertThat(got.sha256()).isEqualTo(joined.server().sha256(length));
            }
            assertThat(client.faults()).isEmpty();
        }
    }

    /// Three mebibytes are six thousand cells: beyond every window that a client starts with.
    @Test
    void uploadsArriveByteExactThroughBothExits() throws Exception {
        Content content = Content.of(7);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out, 3 * MEBIBYTE);
        byte[] body = out.toByteArray();
        for (LabClient client : List.of(throughTor, throughUs)) {
            Exchange.Answer got = fetched(Exchange.post(client, Isolation.NONE, site, "/sink", body));
            assertThat(got.text()).isEqualTo(body.length + " " + content.sha256(body.length) + "\n");
            assertThat(client.faults()).isEmpty();
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
        assertThat(fetched(Exchange.get(throughTor, Isolation.NONE, closed, "/"))
                        .reason())
                .isEqualTo(EndReason.CONNECTREFUSED);
    }

    private static LabClient client(String name, String exit) {
        return clients.client(ClientSettings.DEFAULT
                .withName(name)
                .withRules(new PathRules(2, /* distinctSubnets= */ false, Set.of(exit)))
                .withOpenLimit(PATIENCE));
    }

    private static Exchange.Answer fetched(Exchange exchange) throws Exception {
        return exchange.answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
