package sallyport.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.lab.network.LabNetwork.WayOut;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.SocksFetch;
import sallyport.lab.traffic.TestServer;

/// A network without C tor: a Sallyport process joins it as an exit, and the embedded client leaves there.
class EmbeddedNetworkInteropIT {
    private static final int OR_PORT = 9_001;
    private static final int BYTES = 1_000_000;
    private static final String SITE = "website.example";
    private static final Duration LISTED = Duration.ofMinutes(3);

    @Test
    void aPageComesThroughAnExitThatJoined() throws Exception {
        try (EmbeddedNetwork network =
                        EmbeddedNetwork.start(3, 2, Duration.ofMinutes(10), EmbeddedNetworkInteropIT::print);
                TestServer server = TestServer.start(network.freshAddress())) {
            network.dns().put(SITE, server.address().getHostString());
            String address = network.freshAddress();
            try (SallyportProcess sallyport = SallyportProcess.start(
                    network.leash(),
                    "sallyport",
                    new SallyportConfig(
                            network.leash().directory().resolve("sallyport").resolve("data"),
                            network.authorityLines(),
                            List.of(network.dns().hostPort()),
                            List.of(SallyportConfig.Relay.exit("sally", address, OR_PORT, address)),
                            List.of()))) {
                Identity exit = sallyport.identities().getFirst();
                network.awaitListed(exit.fingerprint(), Set.of("Running", "Valid", "Exit"), LISTED);
                try (WayOut way = network.through(exit.fingerprint())) {
                    assertSame(server, way.fetch());
                }
                assertSame(server, new SocksFetch(network.socks()));
            }
        }
    }

    private static void print(String line) {
        System.err.println(line);
    }

    private static void assertSame(TestServer server, SocksFetch fetch) throws Exception {
        Fetched page = fetch.get(SITE, server.port(), "/bytes/" + BYTES);
        assertThat(page.sha256()).isEqualTo(server.sha256(BYTES));
    }
}
