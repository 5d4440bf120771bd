package sallyport.lab.dirauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sallyport.lab.network.EmbeddedAuthority;
import sallyport.lab.network.JoinedNetwork;
import sallyport.lab.network.LabNetwork.WayOut;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.traffic.Fetched;

/// Authorities of ours in networks of C tor: alone, and beside C tor's own.
class EmbeddedAuthorityInteropIT {
    private static final int OR_PORT = 9_001;
    private static final String SITE = "website.example";
    private static final int BYTES = 100_000;
    private static final Duration LISTED = Duration.ofMinutes(3);
    private static final Duration AGREED = Duration.ofMinutes(2);

    /// What C tor says in every private network of the lab, whoever its authorities are.
    ///
    /// That no node matches `_HSLayer2Nodes` is said where all second-layer guards that a C tor has drawn are
    /// on the path already, or down: there are few relays to draw from. C tor's own authorities say it in
    /// networks of C tor alone.
    ///
    /// The last two come together, from a relay that was asked to extend a circuit back to where it came
    /// from. C tor asks for it: while it knows but one guard, its own circuits go from that guard over a
    /// second relay to the guard again. In the logs of four networks of C tor with one relay of ours, 63
    /// times a relay said so, and 62 times another C tor had just sent an EXTEND along such a path of its
    /// own ("circ (length 3, ...): $A(open) $B(open) $A(closed)"); the last log ends before. No path of
    /// ours was among them.
    private static final Pattern USUAL = Pattern.compile("You have used DirAuthority|TestingTorNetwork is set"
            + "|Your log may contain sensitive|You are running Tor as root|V3AuthVotingInterval is very low"
            + "|Empty bandwidth file|404 \\(\"Not found\"\\) from server \\S+ while fetching consensus directory"
            + "|Cannot open fingerprint file|sr-state"
            + "|Failed to choose an exit server|No available nodes when trying to choose node"
            + "|Could not find a node that matches the configured _HSLayer2Nodes set"
            + "|Client asked me to extend back to the previous hop|connection_edge_process_relay_cell");

    @Test
    void torLivesInANetworkOfOurAuthoritiesAlone() throws Exception {
        try (JoinedNetwork joined = JoinedNetwork.start(
                PrivateNetwork.plan()
                        .authorities(0)
                        .embeddedAuthorities(3)
                        .relays(2)
                        .exits(1),
                within -> {
                    String address = within.freshAddress();
                    return List.of(SallyportConfig.Relay.exit("sally", address, OR_PORT, address));
                })) {
            PrivateNetwork network = joined.network();
            network.dns().put(SITE, joined.server().address().getHostString());
            String ours = joined.identities().getFirst().fingerprint();
            String theirs = network.exits().getFirst().fingerprint();
            network.awaitListed(ours, Set.of("Running", "Valid", "Exit", "Fast"), LISTED);
            for (TorNode relay : network.relays()) {
                assertThat(network.consensus().flags(relay.fingerprint()))
                        .contains("Running", "Valid", "Guard", "HSDir", "V2Dir")
                        .doesNotContain("Authority");
            }
            for (EmbeddedAuthority authority : network.embeddedAuthorities()) {
                assertThat(network.consensus().flags(authority.fingerprint())).contains("Running", "Authority");
            }
            for (String exit : List.of(theirs, ours)) {
                assertThat(network.consensus().flags(exit)).contains("Exit");
                try (WayOut way = network.through(exit)) {
                    Fetched page = way.fetch().get(SITE, joined.server().port(), "/bytes/" + BYTES);
                    assertThat(page.sha256()).isEqualTo(joined.server().sha256(BYTES));
                }
            }
            assertThat(unusualWarnings(network)).isEmpty();
        }
    }

    /// They count the same votes in the same way, or no majority would sign any of the two.
    @Test
    void torsAuthoritiesAndOursSignOneConsensus() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.plan()
                .authorities(2)
                .embeddedAuthorities(2)
                .relays(1)
                .exits(1)
                .clients(0)
                .progress(System.err::println)
                .start()) {
            List<String> directories = new ArrayList<>();
            network.embeddedAuthorities()
                    .forEach(authority -> directories.add(authority.directory().toString()));
            network.authorities()
                    .forEach(tor -> directories.add(
                            tor.place().address() + ":" + tor.place().dirPort()));
            for (String flavor : List.of("consensus", "consensus-microdesc")) {
                await().atMost(AGREED).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
                    String first = fetched(directories.getFirst(), flavor);
                    assertThat(first.lines().filter(line -> line.startsWith("directory-signature ")))
                            .hasSize(directories.size());
                    for (String directory : directories) {
                        assertThat(fetched(directory, flavor)).isEqualTo(first);
                    }
                });
            }
            assertThat(unusualWarnings(network)).isEmpty();
        }
    }

    private static String fetched(String directory, String flavor) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://" + directory + "/tor/status-vote/current/" + flavor)
                        .toURL()
                        .openConnection();
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } finally {
            connection.disconnect();
        }
    }

    private static List<String> unusualWarnings(PrivateNetwork network) throws IOException {
        List<String> unusual = new ArrayList<>();
        for (Map.Entry<TorNode, List<String>> node : network.warnings().entrySet()) {
            List<String> log = node.getKey().infos();
            node.getValue().stream()
                    .filter(line -> !USUAL.matcher(line).find() && !hadItAlready(log, line))
                    .forEach(line -> unusual.add(node.getKey() + ": " + line));
        }
        return unusual;
    }

    /// Whether an authority could not publish the consensus because it had been given the same one. C tor's
    /// authorities publish within the second after a consensus becomes valid, ours at its beginning. One that
    /// has none at all yet asks the others each second, and may get it from who was earlier; it says then that
    /// it already has what it made itself.
    private static boolean hadItAlready(List<String> log, String warning) {
        int at = log.indexOf(warning);
        return warning.contains("] Error publishing ")
                && at > 0
                && log.get(at - 1).contains("consensus we already have");
    }
}
