package sallyport.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.ConsensusDiff;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.GeneratedNetwork;
import sallyport.engine.netdoc.UnverifiedConsensus;

/// Whether the next consensus comes as a diff to the last one, and what a bad diff does: nothing but one more question.
class ConsensusDiffFetchTest {
    private static final GeneratedNetwork NETWORK = new GeneratedNetwork(1);
    private static final List<GeneratedNetwork.Relay> RELAYS =
            GeneratedNetwork.relays(20, Flavor.MICRODESC, new Random(1));
    private static final byte[] FIRST = consensus(0, RELAYS);
    private static final byte[] SECOND = consensus(1, RELAYS.subList(0, 19));
    private static final Duration UNTIL_THE_NEXT = Duration.ofMinutes(63);

    @TempDir
    private Path directory;

    private static byte[] consensus(int hours, List<GeneratedNetwork.Relay> relays) {
        return NETWORK.consensus(Flavor.MICRODESC, GeneratedNetwork.START.plus(Duration.ofHours(hours)), relays, 0);
    }

    private static String digest(byte[] consensus) {
        try {
            return Hex.upper(UnverifiedConsensus.digestAsSigned(consensus));
        } catch (Malformed e) {
            throw new IllegalStateException(e);
        }
    }

    /// An authority with one consensus; what it answers to those who name another one, a test decides.
    private static final class Served implements DirectoryTransport {
        final List<String> asked = new CopyOnWriteArrayList<>();
        volatile byte[] current = FIRST;
        volatile UnaryOperator<DirectoryResponse> toDiffRequests = whole -> whole;

        @Override
        public DirectoryResponse exchange(Authority authority, DirectoryRequest request) {
            if (request.path().startsWith("/tor/keys/")) {
                return answer(NETWORK.certificate(0));
            }
            if (!request.path().endsWith("/consensus-microdesc")) {
                return new DirectoryResponse(404, "Not found", Map.of(), new byte[0]);
            }
            String from = request.headers().getOrDefault("X-Or-Diff-From-Consensus", "nothing");
            asked.add(from);
            DirectoryResponse whole = answer(current);
            return from.equals("nothing") ? whole : toDiffRequests.apply(whole);
        }

        static DirectoryResponse answer(byte[] body) {
            return new DirectoryResponse(200, "OK", Map.of(), body);
        }
    }

    private interface Body {
        void run(ManualWorld world, DirectoryStore store, DirectoryFetcher fetcher) throws Exception;
    }

    /// Runs a fetcher that has the first consensus.
    private void withTheFirst(Served served, Body body) throws Exception {
        Authorities authorities = new Authorities(List.of(Authority.parse("a0 orport=5000 v3ident="
                + Hex.upper(NETWORK.ident(0)) + " 127.0.0.1:7000 0123456789ABCDEF0123456789ABCDEF01234567")));
        try (ManualWorld world = new ManualWorld(directory, GeneratedNetwork.START.plusSeconds(5))) {
            DirectoryStore store = new DirectoryStore();
            DirectoryFetcher fetcher = new DirectoryFetcher(world, authorities, store, true, served);
            fetcher.start();
            idle(world);
            assertThat(validAfter(store)).isEqualTo(GeneratedNetwork.START);
            assertThat(served.asked).containsExactly("nothing");
            served.asked.clear();
            body.run(world, store, fetcher);
            fetcher.stop();
        }
    }

    private static Instant validAfter(DirectoryStore store) {
        return store.consensus(Flavor.MICRODESC).orElseThrow().validAfter();
    }

    private static void idle(ManualWorld world) {
        await().pollInterval(Duration.ofMillis(1)).until(world::isIdle);
    }

    /// Lets so much time pass that the consensus after the one we hold is asked for, at a minute's grain.
    private static void pass(ManualWorld world, Duration time) {
        for (long minute = 0; minute < time.toMinutes(); minute++) {
            world.advance(Duration.ofMinutes(1));
            idle(world);
        }
    }

    @Test
    void theNextConsensusIsMadeFromADiff() throws Exception {
        Served served = new Served();
        byte[] diff = ConsensusDiff.between(FIRST, SECOND);
        served.toDiffRequests = _ -> Served.answer(diff);
        withTheFirst(served, (world, store, fetcher) -> {
            served.current = SECOND;
            pass(world, UNTIL_THE_NEXT);

            assertThat(served.asked).containsExactly(digest(FIRST));
            assertThat(validAfter(store)).isEqualTo(GeneratedNetwork.START.plus(Duration.ofHours(1)));
            assertThat(store.index().size()).isEqualTo(19);
            assertThat(world.lines)
                    .contains("DEBUG authority a0 sent a diff of " + diff.length + " bytes to a microdesc consensus of "
                            + SECOND.length);
            assertThat(Files.readAllBytes(directory.resolve("directory/cached-microdesc-consensus")))
                    .isEqualTo(SECOND);
            assertThat(fetcher.faults().snapshot()).doesNotContainKey("directory: bad diff");

            byte[] third = consensus(2, RELAYS);
            served.current = third;
            served.toDiffRequests = _ -> Served.answer(third);
            pass(world, Duration.ofHours(1));
            assertThat(served.asked).containsExactly(digest(FIRST), digest(SECOND));
            assertThat(store.index().size()).isEqualTo(20);
        });
    }

    /// Each of them would lead to another document than the authorities signed, or to none.
    enum BadDiff {
        FROM_ANOTHER_BASE {
            @Override
            byte[] of() throws Malformed {
                return ConsensusDiff.between(consensus(0, RELAYS.subList(1, 20)), SECOND);
            }
        },
        TO_ANOTHER_TARGET {
            @Override
            byte[] of() throws Malformed {
                String diff = new String(ConsensusDiff.between(FIRST, SECOND), StandardCharsets.US_ASCII);
                return ascii(diff.replaceFirst("(hash \\S+) ([0-9A-F]{64})", "$1 " + "0".repeat(64)));
            }
        },
        CUT_OFF {
            @Override
            byte[] of() throws Malformed {
                String diff = new String(ConsensusDiff.between(FIRST, SECOND), StandardCharsets.US_ASCII);
                return ascii(diff.substring(0, diff.length() / 2));
            }
        },
        WITHOUT_DIGESTS {
            @Override
            byte[] of() {
                return ascii("network-status-diff-version 1\n1d\n");
            }
        },
        WITH_A_COMMAND_OF_ED_THAT_DIFFS_DO_NOT_HAVE {
            @Override
            byte[] of() {
                return ascii("network-status-diff-version 1\nhash " + digest(FIRST) + " " + "0".repeat(64)
                        + "\n1s/network/x/\n");
            }
        };

        abstract byte[] of() throws Malformed;

        static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBadDiffIsCountedAndTheWholeIsFetched(BadDiff bad) throws Exception {
        Served served = new Served();
        byte[] diff = bad.of();
        served.toDiffRequests = _ -> Served.answer(diff);
        withTheFirst(served, (world, store, fetcher) -> {
            served.current = SECOND;
            pass(world, UNTIL_THE_NEXT);

            assertThat(served.asked).containsExactly(digest(FIRST), "nothing");
            assertThat(fetcher.faults().snapshot()).containsEntry("directory: bad diff", 1L);
            assertThat(validAfter(store)).isEqualTo(GeneratedNetwork.START.plus(Duration.ofHours(1)));
            assertThat(world.lines).noneMatch(line -> line.startsWith("WARN"));
        });
    }

    /// A diff may lead exactly where it says, and yet to something that too few signed.
    @Test
    void whatADiffMakesIsVerifiedLikeAWholeConsensus() throws Exception {
        Served served = new Served();
        byte[] unsigned = new String(SECOND, StandardCharsets.ISO_8859_1)
                .replaceFirst("Bandwidth=10\n", "Bandwidth=99\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] diff = ConsensusDiff.between(FIRST, unsigned);
        served.toDiffRequests = _ -> Served.answer(diff);
        withTheFirst(served, (world, store, fetcher) -> {
            served.current = SECOND;
            pass(world, UNTIL_THE_NEXT);

            assertThat(validAfter(store)).isEqualTo(GeneratedNetwork.START);
            assertThat(fetcher.faults().snapshot()).containsKey("directory: bad document");
            assertThat(world.lines).anyMatch(line -> line.startsWith("WARN") && line.contains("too few good"));
        });
    }

    /// An authority that has nothing newer than what we name says 304, which is no fault.
    @Test
    void nothingNewerIsNoFault() throws Exception {
        Served served = new Served();
        served.toDiffRequests = _ -> new DirectoryResponse(304, "Not modified", Map.of(), new byte[0]);
        withTheFirst(served, (world, store, fetcher) -> {
            pass(world, UNTIL_THE_NEXT);

            assertThat(served.asked).isNotEmpty().containsOnly(digest(FIRST));
            assertThat(fetcher.faults().snapshot()).containsOnlyKeys("directory: not found");
            assertThat(validAfter(store)).isEqualTo(GeneratedNetwork.START);
        });
    }

    @Test
    void nobodyIsAskedForADiffFromAConsensusThatIsTooOld() throws Exception {
        Served served = new Served();
        served.toDiffRequests = _ -> new DirectoryResponse(304, "Not modified", Map.of(), new byte[0]);
        withTheFirst(served, (world, _, _) -> {
            world.advance(Duration.ofHours(73));
            idle(world);
            assertThat(new ArrayList<>(served.asked).getLast()).isEqualTo("nothing");
        });
    }

    /// Without what lies on the disk there is nothing to apply a diff to.
    @Test
    void aDamagedFileMeansTheWhole() throws Exception {
        Served served = new Served();
        withTheFirst(served, (world, store, fetcher) -> {
            served.current = SECOND;
            Files.write(directory.resolve("directory/cached-microdesc-consensus"), new byte[] {1, 2, 3});
            pass(world, UNTIL_THE_NEXT);

            assertThat(served.asked).containsExactly("nothing");
            assertThat(store.index().size()).isEqualTo(19);
            assertThat(fetcher.faults().snapshot()).doesNotContainKey("directory: bad diff");
        });
    }
}
