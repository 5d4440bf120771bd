package sallyport.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Captured;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;

/// The fetcher against a network of documents captured from C tor.
class DirectoryFetcherTest {
    private static final String NS = "/tor/status-vote/current/consensus";
    private static final String MICRODESC = NS + "-microdesc";
    private static final String R3 = "1AF6981008C99956B494FD9D43CFB81C997367A0";

    @TempDir
    private Path directory;

    /// Answers by the path's beginning; what it does not know is a 404. Remembers what was asked.
    private static final class Served implements DirectoryTransport {
        final Map<String, byte[]> answers = new ConcurrentHashMap<>();
        final List<String> asked = new CopyOnWriteArrayList<>();

        static Served captured() {
            Served served = new Served();
            served.answers.put(NS, Captured.read("consensus"));
            served.answers.put(MICRODESC, Captured.read("consensus-microdesc"));
            served.answers.put("/tor/keys/fp-sk", Captured.read("certs"));
            served.answers.put("/tor/micro/d", Captured.read("microdescs"));
            served.answers.put("/tor/server/d", Captured.read("descriptors"));
            return served;
        }

        @Override
        public DirectoryResponse exchange(Authority authority, DirectoryRequest request) throws IOException {
            String[] parts = request.path().split("/");
            String key = parts.length > 3 && !request.path().startsWith(NS)
                    ? "/" + parts[1] + "/" + parts[2] + "/" + parts[3]
                    : request.path();
            asked.add(key);
            byte[] body = answers.get(key);
            if (body != null && body.length == 0) {
                throw new IOException("down");
            }
            return body == null
                    ? new DirectoryResponse(404, "Not found", Map.of(), new byte[0])
                    : new DirectoryResponse(200, "OK", Map.of(), body);
        }
    }

    private static Authorities authorities() throws Malformed {
        List<Authority> all = new ArrayList<>();
        for (String line : new String(Captured.read("authorities"), StandardCharsets.US_ASCII).split("\n")) {
            all.add(Authority.parse(line.substring("DirAuthority ".length())));
        }
        return new Authorities(all);
    }

    private interface Body {
        void run(ManualWorld world, DirectoryStore store, DirectoryFetcher fetcher) throws Exception;
    }

    private void with(Served served, Duration later, Body body) throws Exception {
        try (ManualWorld world = new ManualWorld(directory, Captured.THEN.plus(later))) {
            DirectoryStore store = new DirectoryStore();
            DirectoryFetcher fetcher = new DirectoryFetcher(world, authorities(), store, true, served);
            fetcher.start();
            idle(world);
            body.run(world, store, fetcher);
            fetcher.stop();
        }
    }

    private static void idle(ManualWorld world) {
        await().pollInterval(Duration.ofMillis(1)).until(world::isIdle);
    }

    /// Moves the clock second by second, each time until the fetcher has nothing left to do.
    private static void pass(ManualWorld world, int seconds) {
        for (int i = 0; i < seconds; i++) {
            world.advance(Duration.ofSeconds(1));
            idle(world);
        }
    }

    @Test
    void fetchesBothFlavorsAndTheKeysOfEveryRelay() throws Exception {
        with(Served.captured(), Duration.ZERO, (_, store, fetcher) -> {
            assertThat(store.consensus(Flavor.NS)).isPresent();
            assertThat(store.consensus(Flavor.MICRODESC)).isPresent();
            assertThat(store.index().size()).isEqualTo(5);
            assertThat(store.parameters().get("cc_alg", 0, 3, 0)).isEqualTo(2);
            assertThat(store.index().relays()).allSatisfy(relay -> {
                assertThat(relay.ed25519()).hasSize(32);
                assertThat(relay.ntorKey()).hasSize(32);
            });
            KnownRelay r3 = Objects.requireNonNull(store.index().byRsa(Hex.decode(R3)));
            assertThat(r3.nickname()).isEqualTo("r3");
            assertThat(store.index().isOrPort(new byte[] {127, 0, 77, 13}, 5000))
                    .isTrue();
            assertThat(store.index().isOrPort(new byte[] {127, 0, 77, 13}, 5001))
                    .isFalse();
            KnownRelay same = Objects.requireNonNull(store.index().byEd25519(Objects.requireNonNull(r3.ed25519())));
            assertThat(same.nickname()).isEqualTo("r3");
            assertThat(fetcher.faults().snapshot()).isEmpty();
        });
    }

    /// C tor's FallbackDir: they are asked first, two of them, and where they have nothing an authority is.
    @Test
    void fallbacksAreAskedBeforeAuthorities() throws Exception {
        for (boolean up : new boolean[] {true, false}) {
            Served served = Served.captured();
            List<String> order = new ArrayList<>();
            DirectoryTransport noted = (who, request) -> {
                order.add(who.votes() ? "authority" : "fallback");
                if (!who.votes() && !up) {
                    throw new IOException("down");
                }
                return served.exchange(who, request);
            };
            List<Authority> fallbacks = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                fallbacks.add(Authority.parseFallback("192.0.2." + i + " orport=443 id=" + R3));
            }
            Authorities all = new Authorities(authorities().all(), fallbacks);
            try (ManualWorld world = new ManualWorld(directory.resolve("up-" + up), Captured.THEN)) {
                DirectoryStore store = new DirectoryStore();
                DirectoryFetcher fetcher = new DirectoryFetcher(world, all, store, true, noted);
                fetcher.start();
                idle(world);
                assertThat(store.consensus(Flavor.NS)).isPresent();
                fetcher.stop();
            }
            if (up) {
                assertThat(order).containsOnly("fallback");
            } else {
                assertThat(order).startsWith("fallback", "fallback", "authority");
            }
        }
    }

    @Test
    void startsFromTheDiskWithoutANetwork() throws Exception {
        with(Served.captured(), Duration.ZERO, (_, _, _) -> {});
        Served nobody = new Served();

        with(nobody, Duration.ofSeconds(5), (_, store, _) -> {
            assertThat(store.consensus(Flavor.NS)).isPresent();
            assertThat(store.consensus(Flavor.MICRODESC)).isPresent();
            assertThat(store.index().relays())
                    .hasSize(5)
                    .allSatisfy(relay -> assertThat(relay.ntorKey()).hasSize(32));
            assertThat(nobody.asked).isEmpty();
        });
    }

    @Test
    void whatLiesDamagedOnDiskIsFetchedAgain() throws Exception {
        with(Served.captured(), Duration.ZERO, (_, _, _) -> {});
        for (String name : List.of("cached-certs", "cached-consensus", "cached-microdesc-consensus")) {
            Path file = directory.resolve("directory").resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            bytes[3] = 0;
            Files.write(file, bytes);
        }

        with(Served.captured(), Duration.ZERO, (world, store, _) -> {
            assertThat(store.index().size()).isEqualTo(5);
            assertThat(world.lines).filteredOn(line -> line.contains("damaged")).hasSize(3);
        });
    }

    @Test
    void waitsForAuthoritiesThatHaveNoConsensusYet() throws Exception {
        Served served = Served.captured();
        byte[] ns = Objects.requireNonNull(served.answers.remove(NS));
        byte[] microdesc = Objects.requireNonNull(served.answers.remove(MICRODESC));

        with(served, Duration.ZERO, (world, store, fetcher) -> {
            assertThat(store.consensus()).isEmpty();
            assertThat(fetcher.faults().snapshot()).containsEntry("directory: not found", 6L);
            pass(world, 12);
            // At most every second, at least every five.
            assertThat(served.asked).hasSizeBetween(6 + 6 * 2, 6 + 6 * 12);
            served.answers.put(NS, ns);
            served.answers.put(MICRODESC, microdesc);
            pass(world, 6);
            assertThat(store.index().size()).isEqualTo(5);
        });
    }

    @Test
    void saysOnceThatNobodyHasAConsensus() throws Exception {
        with(new Served(), Duration.ZERO, (world, _, _) -> {
            pass(world, 120);
            assertThat(world.lines).filteredOn(line -> line.startsWith("WARN")).hasSize(1);
        });
    }

    @Test
    void keepsTheOldConsensusWhenTheNewOneIsForged() throws Exception {
        Served served = Served.captured();
        with(served, Duration.ZERO, (world, store, fetcher) -> {
            Consensus before = store.consensus(Flavor.NS).orElseThrow();
            String later = new String(Captured.read("consensus"), StandardCharsets.ISO_8859_1)
                    .replace("valid-after 2026-11-21 22:58:20", "valid-after 2026-11-21 22:58:25");
            served.answers.put(NS, later.getBytes(StandardCharsets.ISO_8859_1));
            pass(world, 25);

            assertThat(store.consensus(Flavor.NS)).containsSame(before);
            assertThat(fetcher.faults().snapshot()).containsKey("directory: bad document");
            assertThat(world.lines)
                    .filteredOn(line -> line.startsWith("WARN"))
                    .hasSizeBetween(1, 3)
                    .allSatisfy(line -> {
                        assertThat(line)
                                .matches("WARN authority a[012] sent a ns consensus that is refused: too few good.*");
                    });
        });
    }

    /// An authority that still shows the old one is no liar; it is asked again, without a word in the log.
    @Test
    void asksAgainQuietlyWhenTheNextConsensusIsLate() throws Exception {
        Served served = Served.captured();
        with(served, Duration.ZERO, (world, _, fetcher) -> {
            served.asked.clear();
            pass(world, 10);
            assertThat(served.asked).isEmpty();
            pass(world, 20);
            assertThat(served.asked).contains(NS, MICRODESC);
            assertThat(fetcher.faults().snapshot()).isEmpty();
            assertThat(world.lines).noneMatch(line -> line.startsWith("WARN"));
        });
    }

    @Test
    void refusesAConsensusWithoutEnoughCertificates() throws Exception {
        Served served = Served.captured();
        String certificates = new String(Captured.read("certs"), StandardCharsets.US_ASCII);
        int second = certificates.indexOf("dir-key-certificate-version", 1);
        int third = certificates.indexOf("dir-key-certificate-version", second + 1);
        served.answers.put("/tor/keys/fp-sk", certificates.substring(0, second).getBytes(StandardCharsets.US_ASCII));
        with(served, Duration.ZERO, (world, store, _) -> {
            assertThat(store.consensus()).isEmpty();
            served.answers.put(
                    "/tor/keys/fp-sk", certificates.substring(0, third).getBytes(StandardCharsets.US_ASCII));
            pass(world, 6);
            assertThat(store.index().size()).isEqualTo(5);
        });
    }

    @Test
    void serverDescriptorsServeWhenMicrodescriptorsAreNotToBeHad() throws Exception {
        Served served = Served.captured();
        served.answers.remove(MICRODESC);
        with(served, Duration.ZERO, (_, store, _) -> {
            assertThat(store.consensus(Flavor.MICRODESC)).isEmpty();
            assertThat(store.index().relays())
                    .hasSize(5)
                    .allSatisfy(relay -> assertThat(relay.ntorKey()).hasSize(32));
        });
    }

    @Test
    void endsAtOnceWhenStopped() throws Exception {
        Served down = new Served();
        down.answers.put(NS, new byte[0]);
        with(down, Duration.ZERO, (world, store, fetcher) -> {
            fetcher.stop();
            assertThat(store.index().size()).isZero();
            assertThat(fetcher.faults().snapshot()).containsEntry("directory: unreachable", 3L);
        });
    }
}
