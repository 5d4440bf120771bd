package sallyport.lab.exit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.traffic.TestServer;

/// A network whose authorities vote against congestion control: Tor's fixed windows, still what a client without
/// ntor-v3 gets.
class FixedWindowsInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LISTED = Duration.ofMinutes(3);

    @Test
    void contentArrivesByteExactWithoutCongestionControl() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.plan()
                        .onAuthorities("ConsensusParams cc_alg=0")
                        .progress(System.err::println)
                        .start();
                TestServer server = TestServer.start(network.freshAddress());
                SallyportProcess sallyport = FlowControlInteropIT.exitOf(network)) {
            String exit = sallyport.identities().getFirst().fingerprint();
            network.awaitListed(exit, Set.of("Running", "Valid", "Exit"), LISTED);
            List<String> path = List.of(
                    network.relays().get(0).fingerprint(),
                    network.relays().get(1).fingerprint(),
                    exit);
            try (CircuitDriver driver = network.client().drive()) {
                driver.awaitKnown(path, PATIENCE);
                for (long length : new long[] {1, 498, 1 << 20, 256L << 20}) {
                    try (DrivenCircuit circuit = driver.build(path, PATIENCE)) {
                        FlowControlInteropIT.transfer(circuit, server, length);
                    }
                }
            }
            assertThat(network.client().infos()).noneMatch(line -> line.contains(FlowControlInteropIT.VEGAS));
        }
    }
}
