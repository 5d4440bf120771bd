package sallyport.lab.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sallyport.lab.network.JoinedNetwork;
import sallyport.lab.network.NetworkPlan;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.SallyportConfig;
import sallyport.lab.process.SallyportProcess;
import sallyport.lab.process.SallyportProcess.Identity;

/// Clients of C tor to which a relay of ours is the only directory there is: they learn the network from it, whole at
/// first and then by diffs.
class DirectoryCacheInteropIT {
    private static final Duration LISTED = Duration.ofMinutes(3);
    private static final int OR_PORT = 9_001;
    /// Consensus, certificates and what the consensus names.
    private static final int DOCUMENTS = 3;

    private static JoinedNetwork joined;
    private static PrivateNetwork network;
    private static SallyportProcess sallyport;
    private static Identity cache;
    private static String address;

    @BeforeAll
    static void bringUp() throws Exception {
        NetworkPlan plan = PrivateNetwork.plan()
                .relays(2)
                .exits(1)
                .clients(0)
                .onRelays("DirCache 0")
                .onExits("DirCache 0")
                // A client looks for the next consensus in the last half of the life of the one it has.
                .onAuthorities("V3AuthNIntervalsValid 4");
        joined = JoinedNetwork.start(
                plan,
                within -> {
                    address = within.freshAddress();
                    return List.of(SallyportConfig.Relay.exit("sally", address, OR_PORT, address));
                },
                StatisticsProof.CONFIGURED);
        network = joined.network();
        sallyport = joined.sallyport();
        cache = joined.identities().getFirst();
        network.awaitListed(cache.fingerprint(), Set.of("Running", "Valid", "Exit", "V2Dir"), LISTED);
        // What it serves from now on names it as a directory cache.
        sallyport.awaitLine(line -> line.contains("listed in the consensus") && line.contains("V2Dir"), LISTED);
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (joined != null) {
            joined.close();
        }
    }

    /// One client of microdescriptors, and one of server descriptors as relays are.
    @Test
    void clientsLearnTheNetworkFromUsAloneInFullAndByDiff() throws Exception {
        try (CacheClient usual = client("usual");
                CacheClient old = client("old", "UseMicrodescriptors 0")) {
            for (CacheClient client : List.of(usual, old)) {
                client.awaitNotice("Bootstrapped 100%");
                client.awaitInfo("Applied consensus diff", address + ":" + OR_PORT);
                List<String> answers = client.infos(" from server ");
                assertThat(answers).hasSizeGreaterThanOrEqualTo(DOCUMENTS);
                // Later it asks an authority now and then, as where a consensus did not list our relay.
                assertThat(answers.subList(0, DOCUMENTS))
                        .allSatisfy(line -> assertThat(line).contains(address + ":" + OR_PORT));
                assertThat(client.warnings()).noneMatch(line -> line.contains("ompress"));
            }
            assertThat(usual.infos("Received answer to microdescriptor request"))
                    .isNotEmpty();
            assertThat(old.infos("Received server info")).isNotEmpty();
        }
    }

    /// What C tor reads of ours, and what an authority takes from us: [StatisticsProof].
    @Test
    void theExtraInfoTellsWhatClientsFetchedInLinesOfCTor() throws Exception {
        StatisticsProof proof = new StatisticsProof(network, sallyport, cache);
        proof.giveOurFilesToCTor();
        try (CacheClient client = client("counted")) {
            client.awaitNotice("Bootstrapped 100%");
            proof.awaitCounted();
        }
        proof.comparePublished();
    }

    private static CacheClient client(String name, String... lines) throws Exception {
        return CacheClient.start(network, name, address + ":" + OR_PORT, cache.fingerprint(), lines);
    }
}
