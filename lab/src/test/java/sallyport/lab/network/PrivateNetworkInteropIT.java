package sallyport.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Hex;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.engine.world.RealWorld;
import sallyport.lab.control.CircuitDriver;
import sallyport.lab.control.ControlClient;
import sallyport.lab.control.DrivenCircuit;
import sallyport.lab.control.StreamEnd;
import sallyport.lab.reachability.Probing;
import sallyport.lab.roster.UploadComparison;
import sallyport.lab.roster.VoteComparison;
import sallyport.lab.traffic.Content;
import sallyport.lab.traffic.Curl;
import sallyport.lab.traffic.Fetched;
import sallyport.lab.traffic.SocksRefusal;
import sallyport.lab.traffic.TestDns;
import sallyport.lab.traffic.TestServer;
import sallyport.lab.vote.AuthorityDocuments;
import sallyport.lab.vote.DetachedSignatures;
import sallyport.lab.vote.SignedConsensus;
import sallyport.lab.vote.VotingKeys;

/// The private network with nobody of ours in it: what every interop test stands on must stand by itself.
class PrivateNetworkInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    // Authorities gather signatures for three seconds.
    private static final Duration SIGNATURES_POLL = Duration.ofMillis(200);
    private static final int MEBIBYTE = 1 << 20;

    private static PrivateNetwork network;
    private static TestServer server;
    // From when on one authority votes otherwise than the others.
    private static Instant since;

    @BeforeAll
    static void bringUp() throws Exception {
        network = PrivateNetwork.plan()
                .relays(2)
                .exits(2)
                // A family with nobody in the network, as an operator may write it.
                .onRelays("MyFamily $" + "ab".repeat(20) + ",Elsewhere," + "0F".repeat(20))
                .onExits("ExitPolicy reject *:25,reject 192.0.2.0/24:*,reject *:60000-61000")
                .progress(System.err::println)
                .start();
        server = TestServer.start(network.freshAddress());
        try (ControlClient control = unnamed().control()) {
            control.setConf(
                    "TestingDirAuthVoteExit=",
                    "TestingDirAuthVoteGuard=",
                    "TestingDirAuthVoteHSDir=",
                    "AuthDirFastGuarantee=");
        }
        since = Instant.now();
    }

    /// The authority that gives no flags by name, and none for less than C tor asks by default.
    private static TorNode unnamed() {
        return network.authorities().getLast();
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (server != null) {
            server.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    void everyRelayIsListedAndAnExitHasItsFlags() throws Exception {
        for (TorNode exit : network.exits()) {
            // Not Fast: among so few relays the slowest is not, and an exit may be that one for a while.
            network.awaitListed(exit.fingerprint(), Set.of("Running", "Valid", "Exit"), PATIENCE);
        }
        assertThat(network.consensus().size()).isEqualTo(7);
        assertThat(network.authorityLines()).hasSize(3).allMatch(line -> line.contains("v3ident="));
    }

    /// What the embedded authorities compute, held against C tor's.
    @Test
    void fromTheVotesOfTheAuthoritiesWeComputeTheirConsensus() throws Exception {
        List<AuthorityDocuments> documents =
                await().atMost(PATIENCE).until(() -> AuthorityDocuments.fetch(network), found -> !found.isEmpty());
        for (Flavor flavor : Flavor.values()) {
            assertThat(documents.getFirst().computed(flavor))
                    .isEqualTo(documents.getFirst().unsigned(flavor));
        }
    }

    /// Descriptors in, votes out: but for the flags, which are an authority's own opinion, and its
    /// statistics.
    @Test
    void ofARelayWeSayWhatTheAuthoritiesSay() throws Exception {
        AuthorityDocuments documents = await().atMost(PATIENCE)
                .until(() -> AuthorityDocuments.fetch(network), found -> !found.isEmpty())
                .getFirst();
        assertThat(documents.said(network))
                .hasSizeGreaterThan(network.authorities().size())
                .allSatisfy(said -> assertThat(said.ours()).isEqualTo(said.theirs()));
    }

    /// A vote is read into a ballot and written again, with keys that tor-gencert made: nothing of it is
    /// lost but who signed it.
    @Test
    void nothingOfTheVotesOfTheAuthoritiesIsLost() throws Exception {
        AuthorityDocuments documents = await().atMost(PATIENCE)
                .until(() -> AuthorityDocuments.fetch(network), found -> !found.isEmpty())
                .getFirst();
        TorNode first = network.authorities().getFirst();
        VotingKeys keys = AuthorityFiles.keysOf(first);
        assertThat(network.authorityLines().getFirst()).contains(first.nickname(), "v3ident=" + keys.v3Identity());
        assertThat(documents.written(keys))
                .hasSize(network.authorities().size())
                .allSatisfy(said -> assertThat(said.ours()).isEqualTo(said.theirs()))
                .allSatisfy(said -> assertThat(said.ours()).contains("\nshared-rand-commit ", "\nstats wfu="));
    }

    /// The same relays known for as long: the same flags, thresholds and entries.
    @Test
    void aRosterVotesWhatAnAuthorityVotes() throws Exception {
        List<VoteComparison> votes = await().atMost(PATIENCE)
                .until(() -> VoteComparison.run(network, unnamed(), since), found -> !found.isEmpty());
        assertThat(votes)
                .hasSize(network.authorities().size())
                .allSatisfy(vote -> assertThat(vote.ours()).isEqualTo(vote.theirs()))
                .allSatisfy(vote -> assertThat(vote.ourThresholds()).contains(vote.theirThresholds()));
    }

    /// Everything that an authority has words for, and much that it has none for.
    @Test
    void aRosterAnswersUploadsAsAnAuthorityDoes() throws Exception {
        Path scratch = Files.createDirectory(network.leash().directory().resolve("entropy"));
        try (RealWorld world = new RealWorld(scratch, 1, (_, _, _) -> {})) {
            assertThat(UploadComparison.run(network.authorities().getFirst(), network.freshAddress(), world.entropy())
                            .values())
                    .hasSizeGreaterThan(30)
                    .allSatisfy(answered ->
                            assertThat(answered.ours()).as(answered.upload()).isEqualTo(answered.theirs()));
        }
    }

    /// What an embedded authority sees of C tor's relays, and that it does not take one for another.
    @Test
    void theRelaysAreReachedAsWhoTheyAre() throws Exception {
        List<RouterDescriptor> relays = new ArrayList<>();
        for (RouterDescriptor each : AuthorityDocuments.descriptors(network)) {
            // Others were posted for other tests, and never ran.
            if (network.consensus().flags(Hex.upper(each.rsaDigest())).contains("Running")) {
                relays.add(each);
            }
        }
        assertThat(relays).hasSize(7);
        Probing.prove(relays, network.freshAddress(), PATIENCE);
    }

    @Test
    void theSignaturesOfTheAuthoritiesHoldOnWhatWeCompute() throws Exception {
        DetachedSignatures signatures = await().pollInterval(SIGNATURES_POLL)
                .atMost(PATIENCE)
                .until(() -> AuthorityDocuments.gathering(network), found -> !found.isEmpty())
                .getFirst();
        AuthorityDocuments documents = await().atMost(PATIENCE)
                .until(
                        () -> AuthorityDocuments.fetch(network),
                        found -> !found.isEmpty() && found.getFirst().isFor(signatures.validAfter()))
                .getFirst();
        for (Flavor flavor : Flavor.values()) {
            assertThat(documents.taken(flavor, signatures)).isEqualTo(SignedConsensus.Taken.ADDED);
        }
    }

    @Test
    void contentArrivesByteExactThroughTheExitWeChose() throws Exception {
        try (CircuitDriver driver = network.client().drive()) {
            for (TorNode exit : network.exits()) {
                try (DrivenCircuit circuit = driver.build(pathTo(exit), PATIENCE)) {
                    Fetched down = circuit.fetch().get(server.address(), "/bytes/" + MEBIBYTE);
                    assertThat(down.length()).isEqualTo(MEBIBYTE);
                    assertThat(down.sha256()).isEqualTo(server.sha256(MEBIBYTE));
                    Content content = Content.of(7);
                    Fetched up = circuit.fetch().post(server.address(), "/sink", content, MEBIBYTE);
                    assertThat(up.text()).isEqualTo(MEBIBYTE + " " + content.sha256(MEBIBYTE) + "\n");
                }
            }
        }
    }

    @Test
    void namesAreResolvedByTheExit() throws Exception {
        String host = server.address().getAddress().getHostAddress();
        network.dns().put("server.example", host).pointer("192.0.2.7", "seven.example");
        network.dns().fail("broken.example", TestDns.SERVFAIL);
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(pathTo(network.exits().getFirst()), PATIENCE)) {
            assertThat(circuit.fetch()
                            .get("server.example", server.port(), "/bytes/498")
                            .sha256())
                    .isEqualTo(server.sha256(498));
            assertThat(circuit.fetch().resolve("server.example")).isEqualTo(InetAddress.ofLiteral(host));
            assertThat(circuit.fetch().resolvePtr("192.0.2.7")).isEqualTo("seven.example");
            assertThat(network.dns().questionsFor("server.example")).isPositive();
        }
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(pathTo(network.exits().getFirst()), PATIENCE)) {
            assertThatThrownBy(() -> circuit.fetch().get("absent.example", 80, "/"))
                    .isInstanceOf(SocksRefusal.class);
            assertThat(circuit.awaitStreamEnd(PATIENCE).remoteReason()).isEqualTo("RESOLVEFAILED");
        }
    }

    @Test
    void theReasonOfARefusedConnectionIsSeen() throws Exception {
        int closedPort = Loopback.freePort(server.address().getHostString(), 1_234);
        try (CircuitDriver driver = network.client().drive();
                DrivenCircuit circuit = driver.build(pathTo(network.exits().getFirst()), PATIENCE)) {
            InetSocketAddress nobody = new InetSocketAddress(server.address().getAddress(), closedPort);
            assertThatThrownBy(() -> circuit.fetch().get(nobody, "/")).isInstanceOf(SocksRefusal.class);
            StreamEnd end = circuit.awaitStreamEnd(PATIENCE);
            assertThat(end.reason()).isEqualTo("END");
            // C tor looks at the thread's errno, not at the socket's error, when a connect fails after a while.
            assertThat(end.remoteReason()).isIn("CONNECTREFUSED", "MISC");
        }
    }

    @Test
    void curlFetchesThroughAClientThatChoosesItsOwnPath() throws Exception {
        server.forgetSources();
        String url = "http://" + server.address().getHostString() + ":" + server.port() + "/bytes/" + MEBIBYTE;
        Curl.Result result = Curl.run(network.client().socks(), "", PATIENCE, List.of(url));
        assertThat(result.complaint()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.sha256()).isEqualTo(server.sha256(MEBIBYTE));
        assertThat(server.sources()).isNotEmpty();
    }

    @Test
    void aNetworkOnOurKeysLeavesNothingBehind() throws Exception {
        PrivateNetwork small;
        List<ProcessHandle> processes;
        Path directory;
        try (PrivateNetwork running =
                PrivateNetwork.plan().authorities(1).relays(3).keysOfOurs().start()) {
            small = running;
            directory = running.leash().directory();
            processes = small.nodes().stream()
                    .map(node -> ProcessHandle.of(node.pid()).orElseThrow())
                    .toList();
            assertThat(processes).hasSize(5).allMatch(ProcessHandle::isAlive);
            assertThat(directory).isDirectory();
            AuthorityFiles.exchange(small.authorities().getFirst(), PATIENCE);
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(Files.exists(directory)).isFalse();
    }

    private static List<String> pathTo(TorNode exit) throws Exception {
        return List.of(
                network.relays().get(0).fingerprint(), network.relays().get(1).fingerprint(), exit.fingerprint());
    }
}
