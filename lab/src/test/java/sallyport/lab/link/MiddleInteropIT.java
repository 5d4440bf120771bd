package sallyport.lab.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.network.Loopback;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;

/// A relay of ours between relays of C tor: both ends of each link prove who they are, over both families.
class MiddleInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LISTED = Duration.ofMinutes(4);
    /// Each new link is one over IPv6 with probability one half; circuits to as many relays all miss it once in a thousand.
    private static final int RELAYS = 10;

    @Test
    void cTorExtendsToUsAndWeExtendOverBothFamilies() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.plan()
                .relays(RELAYS)
                .onRelays("ORPort [::1]:auto IPv6Only")
                .progress(System.err::println)
                .start()) {
            String address = network.freshAddress();
            int port = Loopback.freePort("::1", 20_000);
            SallyportConfig config = new SallyportConfig(
                    network.leash().directory().resolve("sallyport").resolve("data"),
                    network.authorityLines(),
                    List.of(network.dns().hostPort()),
                    List.of(SallyportConfig.Relay.exit("sally1", address, port, address)
                            .with("address = [\"" + address + "\", \"::1\"]")),
                    List.of());
            try (SallyportProcess sallyport = SallyportProcess.start(network.leash(), "sallyport", config)) {
                Identity us = sallyport.identities().getFirst();
                network.awaitListed(us.fingerprint(), Set.of("Running", "Valid", "Fast"), LISTED);
                try (CircuitDriver driver = network.client().drive()) {
                    for (TorNode relay : network.relays()) {
                        extendThroughUs(network, driver, us, relay);
                    }
                }
                // C tor opened links to us and takes us for who we are; none of ours is a client's.
                for (TorNode relay : network.relays()) {
                    assertThat(relay.infos())
                            .anyMatch(line -> line.contains("using protocol version 5. Its ID digest is " + us.fingerprint()));
                }
                long overIpv6 = network.relays().stream()
                        .filter(relay -> sawUsOverIpv6(relay, us))
                        .count();
                System.err.println(overIpv6 + " of " + RELAYS + " relays have a link with us over IPv6");
                assertThat(overIpv6).isPositive();
            }
        }
    }

    /// We as the first hop, then in the middle.
    private static void extendThroughUs(PrivateNetwork network, CircuitDriver driver, Identity us, TorNode relay)
            throws Exception {
        TorNode authority = network.authorities().getFirst();
        List<String> first = List.of(us.fingerprint(), relay.fingerprint(), authority.fingerprint());
        List<String> middle = List.of(authority.fingerprint(), us.fingerprint(), relay.fingerprint());
        driver.awaitKnown(first, PATIENCE);
        try (DrivenCircuit ours = driver.build(first, PATIENCE)) {
            assertThat(ours.path()).hasSize(3);
        }
        try (DrivenCircuit ours = driver.build(middle, PATIENCE)) {
            assertThat(ours.path()).hasSize(3);
        }
    }

    private static boolean sawUsOverIpv6(TorNode relay, Identity us) {
        try {
            return relay.infos().stream()
                    .anyMatch(line -> line.contains("Got good NETINFO")
                            && line.contains("[::1]")
                            && line.contains(us.fingerprint()));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
