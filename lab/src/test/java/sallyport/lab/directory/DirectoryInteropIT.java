package sallyport.lab.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.directory.Authorities;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.DirectoryFetcher;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.directory.DirectoryUploader;
import sallyport.engine.directory.UploadResult;
import sallyport.engine.directory.UploadResult.Outcome;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.world.RealWorld;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.network.TorNode;
import sallyport.lab.synthetic.SyntheticRelays;

/// Our fetcher against real authorities of C tor: it believes a majority of those it was told of, and nobody else.
class DirectoryInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// Six consensuses: authorities make diffs in the background, and we may ask before one is there.
    private static final Duration DIFF_PATIENCE = Duration.ofSeconds(90);

    private static final int SYNTHETIC = 40;

    private static PrivateNetwork network;

    @TempDir
    private Path directory;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void bringUp() throws Exception {
        network = PrivateNetwork.plan()
                .relays(1)
                .exits(1)
                // They are to list relays that do not run.
                .onAuthorities("AuthDirTestReachability 0")
                .start();
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (network != null) {
            network.close();
        }
    }

    /// The network's authorities, but `unknown` of them with another v3 identity than they have.
    private static Authorities authorities(int unknown) throws Malformed {
        List<Authority> all = new ArrayList<>();
        for (String line : network.authorityLines()) {
            String arguments = line.startsWith("DirAuthority ") ? line.substring("DirAuthority ".length()) : line;
            boolean isKnown = all.size() >= unknown;
            all.add(Authority.parse(
                    isKnown
                            ? arguments
                            : arguments.replaceFirst("v3ident=[0-9A-Fa-f]{38}", "v3ident=" + "0".repeat(38))));
        }
        return new Authorities(all);
    }

    private RealWorld world() {
        return new RealWorld(directory, 1, (level, _, text) -> lines.add(level + " " + text));
    }

    @Test
    void bothFlavorsAndAllKeysArriveTheNextOnesByDiffAndARestartStartsFromThem() throws Exception {
        try (RealWorld world = world()) {
            DirectoryStore store = new DirectoryStore();
            DirectoryFetcher fetcher = new DirectoryFetcher(world, authorities(0), store, true);
            fetcher.start();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(store.consensus(Flavor.NS)).isPresent();
                assertThat(store.consensus(Flavor.MICRODESC)).isPresent();
                assertThat(store.index().relays()).isNotEmpty().allSatisfy(relay -> {
                    assertThat(relay.ed25519()).hasSize(32);
                    assertThat(relay.ntorKey()).hasSize(32);
                });
            });
            for (TorNode exit : network.exits()) {
                byte[] digest = Hex.decode(exit.fingerprint());
                assertThat(store.index().byRsa(digest)).isNotNull();
            }
            Consensus first = store.consensus(Flavor.NS).orElseThrow();
            await().atMost(Duration.between(first.validAfter(), first.validUntil()))
                    .untilAsserted(() -> assertThat(
                                    store.consensus(Flavor.NS).orElseThrow().validAfter())
                            .isAfter(first.validAfter()));
            for (Flavor flavor : Flavor.values()) {
                await().atMost(DIFF_PATIENCE)
                        .untilAsserted(() -> assertThat(lines)
                                .anyMatch(line -> line.contains("sent a diff of")
                                        && line.contains(" to a " + flavor.word() + " consensus")));
            }
            assertThat(fetcher.faults().snapshot())
                    .doesNotContainKeys("directory: bad diff", "directory: bad document");
            fetcher.stop();
        }
        assertThat(lines).noneMatch(line -> line.startsWith("WARN"));
        try (RealWorld world = world()) {
            DirectoryStore store = new DirectoryStore();
            DirectoryFetcher fetcher = new DirectoryFetcher(world, authorities(0), store, true, (_, _) -> {
                throw new IOException("no network");
            });
            fetcher.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(store.index().relays())
                            .isNotEmpty()
                            .allSatisfy(relay -> assertThat(relay.ntorKey()).hasSize(32)));
            fetcher.stop();
        }
    }

    /// The tool for networks as long as the public one, with few: what it publishes C tor's authorities list, and our
    /// fetcher verifies.
    @Test
    void syntheticRelaysAreListedAndTheirDescriptorsHold() throws Exception {
        SyntheticRelays.publish(network, SYNTHETIC, System.err::println);
        int all = SYNTHETIC + network.nodes().size() - network.clients().size();
        SyntheticRelays.awaitListed(network, all, DIFF_PATIENCE);
        try (RealWorld world = world()) {
            DirectoryStore store = new DirectoryStore();
            DirectoryFetcher fetcher = new DirectoryFetcher(world, authorities(0), store, true);
            fetcher.start();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(store.consensus(Flavor.NS)).isPresent();
                assertThat(store.consensus(Flavor.NS).orElseThrow().relays())
                        .hasSize(all)
                        .allSatisfy(relay -> {
                            byte[] digest = relay.documentDigest();
                            assertThat(digest).isNotNull();
                            assertThat(store.documents().descriptor(digest)).isNotNull();
                        });
            });
            fetcher.stop();
        }
        assertThat(lines).noneMatch(line -> line.startsWith("WARN"));
    }

    @Test
    void twoOfThreeConfiguredAuthoritiesSuffice() throws Exception {
        try (RealWorld world = world()) {
            DirectoryStore store = new DirectoryStore();
            DirectoryFetcher fetcher = new DirectoryFetcher(world, authorities(1), store, true);
            fetcher.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(store.consensus(Flavor.NS)).isPresent());
            fetcher.stop();
        }
    }

    @Test
    void oneOfThreeConfiguredAuthoritiesIsRefused() throws Exception {
        try (RealWorld world = world()) {
            DirectoryStore store = new DirectoryStore();
            DirectoryFetcher fetcher = new DirectoryFetcher(world, authorities(2), store, true);
            fetcher.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(lines)
                            .anyMatch(line ->
                                    line.startsWith("WARN authority ") && line.contains("too few good signatures")));
            fetcher.stop();
            assertThat(store.consensus()).isEmpty();
            assertThat(store.index().size()).isZero();
        }
    }

    /// A 200 proves little: C tor's authorities answer it even to a body in which they find no descriptor. A refusal
    /// and its reason arrive.
    @Test
    void aRefusalArrivesWithItsReason() throws Exception {
        try (RealWorld world = world()) {
            List<UploadResult> results =
                    new DirectoryUploader(world, authorities(0)).upload(new byte[] {'r', (byte) 0xff, '\n'});

            assertThat(results).hasSize(3).allSatisfy(result -> {
                assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
                assertThat(result.reason()).startsWith("400 ").contains("UTF-8");
            });
        }
    }
}
