package sallyport.lab.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Months of a client whose guards fail as a seed has it: whatever happens, few guards are ever contacted, none that
/// may not be, and no circuit waits in vain.
class GuardsPropertyTest {
    private static final int RELAYS = 300;
    private static final int STEPS = 1_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void fewGuardsAreContactedAndWhatIsKeptIsWhole(long seed) {
        Random random = new Random(seed);
        PaperGuards paper = new PaperGuards(seed);
        List<GuardUse> open = new ArrayList<>();
        Set<String> contacted = new HashSet<>();
        Set<String> down = new HashSet<>();
        paper.list(RELAYS);
        for (int step = 0; step < STEPS; step++) {
            paper.pass(Duration.ofSeconds(random.nextInt(random.nextInt(10) == 0 ? 7_200 : 60)));
            switch (random.nextInt(12)) {
                case 0 -> paper.list(RELAYS, PaperGuards.fingerprint(random.nextInt(RELAYS)));
                case 1 -> {
                    down.clear();
                    int share = random.nextInt(4);
                    for (int i = 0; i < RELAYS; i++) {
                        if (random.nextInt(4) < share) {
                            down.add(PaperGuards.fingerprint(i));
                        }
                    }
                }
                case 2 -> {
                    if (random.nextInt(20) == 0) {
                        List<KeptGuard> kept = readBack(paper);
                        paper.restart(kept);
                        assertThat(paper.guards.kept()).isEqualTo(kept);
                        paper.list(RELAYS);
                        open.clear();
                    }
                }
                default -> circuit(paper, random, down, contacted, open);
            }
            for (GuardUse use = paper.guards.settle(open); use != null; use = paper.guards.settle(open)) {
                assertThat(paper.guards.mayReachPrimary(use)).isFalse();
            }
            open.removeIf(use -> paper.guards.isVain(use, open) || random.nextInt(40) == 0);
            holds(paper.guards.kept());
        }
        // A fifth of the network, and what a few months bring anew.
        assertThat(contacted).hasSizeLessThan(RELAYS / 2);
    }

    private static void circuit(
            PaperGuards paper, Random random, Set<String> down, Set<String> contacted, List<GuardUse> open) {
        String exit = PaperGuards.fingerprint(random.nextInt(RELAYS));
        GuardUse use = paper.choose(guard -> !guard.equals(exit));
        if (use == null) {
            return;
        }
        assertThat(use.fingerprint()).isNotEqualTo(exit);
        contacted.add(use.fingerprint());
        if (down.contains(use.fingerprint())) {
            paper.guards.failed(use);
        } else if (random.nextInt(5) == 0) {
            paper.guards.cancelled(use);
        } else {
            paper.guards.succeeded(use);
            open.add(use);
        }
    }

    private static List<KeptGuard> readBack(PaperGuards paper) {
        byte[] text = StateFile.EMPTY.with(paper.guards.kept()).text(paper.now);
        return StateFile.parse(text, paper.now).orElseThrow().guards();
    }

    /// Each once, in a dense order, and never more than a fifth of the network.
    private static void holds(List<KeptGuard> kept) {
        assertThat(kept).hasSizeLessThanOrEqualTo(RELAYS / 5);
        assertThat(kept.stream().map(KeptGuard::fingerprint).distinct()).hasSameSizeAs(kept);
        List<Integer> confirmed = kept.stream()
                .map(KeptGuard::confirmedIdx)
                .filter(index -> index >= 0)
                .sorted()
                .toList();
        assertThat(confirmed).doesNotHaveDuplicates();
        for (int i = 0; i < kept.size(); i++) {
            assertThat(kept.get(i).sampledIdx()).isEqualTo(i);
            assertThat(kept.get(i).listed())
                    .isEqualTo(kept.get(i).unlistedSince().equals(KeptGuard.NEVER));
        }
    }

    /// Whatever somebody has written there, it is read or put aside.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyFileIsReadOrRefused(long seed) {
        Random random = new Random(seed);
        PaperGuards paper = new PaperGuards(seed);
        paper.list(RELAYS);
        paper.choose();
        byte[] good = StateFile.EMPTY.with(paper.guards.kept()).text(paper.now);
        int read = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] bad = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            read += StateFile.parse(bad, paper.now)
                    .map(file -> {
                        assertThat(fingerprints(StateFile.parse(file.text(paper.now), paper.now)
                                        .orElseThrow()))
                                .isEqualTo(fingerprints(file));
                        paper.restart(file.guards());
                        paper.list(RELAYS);
                        assertThat(paper.choose()).isNotNull();
                        return 1;
                    })
                    .orElse(0);
        }
        assertThat(read).isBetween(100, 999);
    }

    private static List<String> fingerprints(StateFile file) {
        return file.guards().stream().map(KeptGuard::fingerprint).toList();
    }
}
