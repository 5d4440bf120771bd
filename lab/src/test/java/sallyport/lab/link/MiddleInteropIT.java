package sallyport.lab.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.ControlClient;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.hostile.OwnClient;
import sallyport.lab.hostile.RelayFacts;
import sallyport.lab.network.JoinedNetwork;
import sallyport.lab.network.Loopback;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.TestServer;

/// A relay of ours as guard and as middle of C tor's circuits: links that others dialed and links that we dialed, both
/// ends of each proving who they are, and what travels through them arrives whole.
class MiddleInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LISTED = Duration.ofMinutes(4);
    private static final int LENGTH = 1 << 20;

    private static JoinedNetwork joined;
    private static PrivateNetwork network;
    private static TestServer server;
    private static SallyportProcess sallyport;
    private static Identity us;
    private static String ipv4;
    private static int port;

    @BeforeAll
    static void bringUp() throws Exception {
        port = Loopback.freePort("::1", 20_000);
        joined = JoinedNetwork.start(PrivateNetwork.plan().relays(2).exits(1), within -> {
            ipv4 = within.freshAddress();
            return List.of(SallyportConfig.Relay.exit("sally1", ipv4, port, ipv4)
                    .with("address = [\"" + ipv4 + "\", \"::1\"]")
                    .withPolicy("reject *:*"));
        });
        network = joined.network();
        server = joined.server();
        sallyport = joined.sallyport();
        us = joined.identities().getFirst();
        network.awaitListed(us.fingerprint(), Set.of("Running", "Valid"), LISTED);
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (joined != null) {
            joined.close();
        }
    }

    /// The client dials us and learns who we are; to the next relay there is one link, whoever dialed it, and both ends
    /// have proved who they are.
    @Test
    void asGuardWeCarryAClientsTrafficWhole() throws Exception {
        TorNode next = network.relays().getFirst();
        carry(us.fingerprint(), next.fingerprint(), exit().fingerprint());

        awaitLinkFromIt(network.client());
        awaitLink(next);
    }

    @Test
    void asMiddleWeCarryAClientsTrafficWhole() throws Exception {
        TorNode previous = network.relays().getLast();
        carry(previous.fingerprint(), us.fingerprint(), exit().fingerprint());

        awaitLink(previous);
        awaitLink(exit());
    }

    /// A relay outside of the network has no link with anybody and no address in a consensus: the link has to be made,
    /// over the one family that EXTEND2 names.
    @Test
    void weDialOverEitherFamilyAndProveWhoWeAre() throws Exception {
        try (Lone lone = lone("dialed4")) {
            assertThat(OwnClient.extend(ourFacts(), lone.facts(), lone.ipv4())).isEqualTo("nothing");
            awaitAuthenticated(lone.tor(), ipv4 + ":");
        }
        try (Lone lone = lone("dialed6")) {
            assertThat(OwnClient.extend(ourFacts(), lone.facts(), lone.ipv6())).isEqualTo("nothing");
            awaitAuthenticated(lone.tor(), "[::1]:");
        }
    }

    @Test
    void othersDialUsOverEitherFamilyAndProveWhoTheyAre() throws Exception {
        for (InetSocketAddress ours : List.of(at(ipv4, port), at("::1", port))) {
            boolean ipv6 = ours.getAddress().getAddress().length != 4;
            try (Lone lone = lone(ipv6 ? "dialing6" : "dialing4")) {
                assertThat(OwnClient.extend(lone.facts(), ourFacts(), ours)).isEqualTo("nothing");
                lone.tor()
                        .awaitInfo("learned peer id for OR connection (handshaking (Tor, v3 handshake)) with "
                                + (ipv6 ? "[::1]" : ipv4) + ":" + port);
                lone.tor().awaitInfo(us.fingerprint() + ", " + us.ed25519());
                lone.tor().awaitInfo("using protocol version 5. Its ID digest is " + us.fingerprint());
            }
        }
        assertThat(sallyport.lines()).noneMatch(line -> line.contains("ERROR"));
    }

    /// @param ipv4 its ORPort
    /// @param ipv6 its other one
    private record Lone(LoneTor tor, RelayFacts facts, InetSocketAddress ipv4, InetSocketAddress ipv6)
            implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            tor.stop();
        }
    }

    private static Lone lone(String name) throws Exception {
        String address = network.freshAddress();
        InetSocketAddress lone4 = at(address, Loopback.freePort(address, 20_000));
        InetSocketAddress lone6 = at("::1", Loopback.freePort("::1", 20_000));
        LoneTor tor = LoneTor.start(
                network.leash(),
                name,
                "Nickname lone",
                "Address " + address,
                "ORPort " + address + ":" + lone4.getPort(),
                "ORPort [::1]:" + lone6.getPort(),
                "OutboundBindAddressOR " + address,
                "SocksPort 0",
                "ExitRelay 0",
                "AssumeReachable 1",
                "PublishServerDescriptor 0");
        tor.awaitInfo("Rebuilding relay descriptor");
        return new Lone(tor, new RelayFacts(lone4, tor.rsaDigest(), tor.ed25519(), tor.onionKey()), lone4, lone6);
    }

    private static RelayFacts ourFacts() throws Exception {
        try (ControlClient control = network.authorities().getFirst().control()) {
            return RelayFacts.ofDescriptor(control.info("desc/id/" + us.fingerprint()));
        }
    }

    private static void awaitAuthenticated(LoneTor lone, String from) throws Exception {
        lone.awaitDebug("Got an AUTHENTICATE cell on OR connection (handshaking (Tor, v3 handshake)) with " + from);
        lone.awaitDebug("type 3: Looks good.");
        lone.awaitInfo(us.fingerprint() + " " + us.ed25519());
        lone.awaitInfo("using protocol version 5. Its ID digest is " + us.fingerprint());
    }

    /// C tor opened it, took our certificates for those of our Ed25519 identity, and speaks version 5 with us.
    private static void awaitLinkFromIt(TorNode node) {
        awaitInfo(node, line -> line.contains("learned peer id for") && line.endsWith(provenUs()));
        awaitOpen(node);
    }

    /// One of us opened it, and C tor knows us by our Ed25519 identity: from our certificates if it dialed, else from
    /// our AUTHENTICATE.
    private static void awaitLink(TorNode node) {
        awaitInfo(
                node,
                line -> line.endsWith(provenUs())
                        || (line.contains("Set identity digest for")
                                && line.endsWith(us.fingerprint() + " " + us.ed25519() + ".")));
        awaitOpen(node);
    }

    private static void awaitOpen(TorNode node) {
        awaitInfo(
                node,
                line -> line.contains(
                        "OR connection is now open, using protocol version 5. Its ID digest is " + us.fingerprint()));
    }

    private static String provenUs() {
        return us.fingerprint() + ", " + us.ed25519();
    }

    private static void awaitInfo(TorNode node, Predicate<String> wanted) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(node.infos()).anyMatch(wanted));
    }

    private static TorNode exit() {
        return network.exits().getFirst();
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static void carry(String... path) throws Exception {
        try (CircuitDriver driver = network.client().drive()) {
            driver.awaitKnown(List.of(path), PATIENCE);
            try (DrivenCircuit circuit = driver.build(List.of(path), PATIENCE)) {
                Fetched down = circuit.fetch().get(server.address(), "/bytes/" + LENGTH);
                assertThat(down.sha256()).isEqualTo(server.sha256(LENGTH));
                Content content = Content.of(LENGTH);
                assertThat(circuit.fetch()
                                .post(server.address(), "/sink", content, LENGTH)
                                .text())
                        .isEqualTo(LENGTH + " " + content.sha256(LENGTH) + "\n");
            }
        }
    }
}
