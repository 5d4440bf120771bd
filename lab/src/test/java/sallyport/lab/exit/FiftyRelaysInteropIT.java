package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;
import sallyport.lab.traffic.TestServer;

/// What a nonprofit's server does: many relays in one process, all listed, any of them carries traffic.
class FiftyRelaysInteropIT {
    private static final int RELAYS = 50;
    private static final int FETCHES = 10;
    private static final int FETCH_BYTES = 1 << 20;
    private static final int OR_PORT = 9_001;
    private static final Duration LISTED = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void allAreListedAndTenAtRandomCarryTraffic() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.err.println("seed " + seed);
        try (PrivateNetwork network =
                        PrivateNetwork.plan().progress(System.err::println).start();
                TestServer server = TestServer.start(network.freshAddress());
                SallyportProcess sallyport = SallyportProcess.start(network.leash(), "sallyport", fifty(network))) {
            List<Identity> exits = sallyport.identities();
            for (Identity exit : exits) {
                // Not Fast: the least eighth of a network never is, and nearly all of this one is ours.
                network.awaitListed(exit.fingerprint(), Set.of("Running", "Valid", "Exit"), LISTED);
            }
            long idle = sallyport.residentBytes();
            List<Identity> chosen = new ArrayList<>(exits);
            Collections.shuffle(chosen, new Random(seed));
            try (CircuitDriver driver = network.client().drive()) {
                for (Identity exit : chosen.subList(0, FETCHES)) {
                    List<String> path = List.of(
                            network.relays().get(0).fingerprint(),
                            network.relays().get(1).fingerprint(),
                            exit.fingerprint());
                    driver.awaitKnown(path, PATIENCE);
                    try (DrivenCircuit circuit = driver.build(path, PATIENCE)) {
                        assertThat(circuit.fetch()
                                        .get(server.address(), "/bytes/" + FETCH_BYTES)
                                        .sha256())
                                .isEqualTo(server.sha256(FETCH_BYTES));
                    }
                }
            }
            System.err.printf(
                    "%d relays listed; resident %d MiB once listed, %d MiB after %d fetches%n",
                    RELAYS, idle >> 20, sallyport.residentBytes() >> 20, FETCHES);
        }
    }

    private static SallyportConfig fifty(PrivateNetwork network) {
        List<SallyportConfig.Relay> relays = new ArrayList<>();
        for (int i = 1; i <= RELAYS; i++) {
            String address = network.freshAddress();
            relays.add(SallyportConfig.Relay.exit("sally" + i, address, OR_PORT, address));
        }
        return new SallyportConfig(
                network.leash().directory().resolve("sallyport").resolve("data"),
                network.authorityLines(),
                List.of(network.dns().hostPort()),
                relays,
                List.of());
    }
}
