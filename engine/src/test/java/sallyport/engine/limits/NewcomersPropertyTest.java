package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who pays when there is no room for all new circuits: whoever asks for most, and nobody else.
class NewcomersPropertyTest {
    private static final int HALVINGS = 2;

    private final LimitsWorld world = new LimitsWorld();
    private final Newcomers newcomers = new Newcomers(world);
    private final Map<Long, Integer> asked = new HashMap<>();
    private final Map<Long, Integer> came = new HashMap<>();

    private void ask(long source, int halvings) {
        newcomers.count(source);
        asked.merge(source, 1, Integer::sum);
        came.merge(source, newcomers.mayStay(source, halvings) ? 1 : 0, Integer::sum);
    }

    /// So many of so many sources each, all mixed.
    private static List<Long> arrivals(Random random, int... sourcesAndEach) {
        List<Long> all = new ArrayList<>();
        long source = 0;
        for (int i = 0; i < sourcesAndEach.length; i += 2) {
            for (int j = 0; j < sourcesAndEach[i]; j++) {
                source++;
                all.addAll(Collections.nCopies(sourcesAndEach[i + 1], source));
            }
        }
        Collections.shuffle(all, random);
        return all;
    }

    private int came(long source) {
        return came.getOrDefault(source, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aFloodFromFewSourcesCostsTheOthersNothing(long seed) {
        Random random = new Random(seed);
        int floods = 1 + random.nextInt(10);
        // Relays that bring more than a person, and people.
        List<Long> all = arrivals(random, floods, 5_000, 5, 150, 300, 1 + random.nextInt(Newcomers.FEW));
        all.forEach(source -> newcomers.count(source));
        world.nanos += Newcomers.WINDOW_NANOS;
        all.forEach(source -> {
            world.nanos += Newcomers.WINDOW_NANOS / 2 / all.size();
            ask(source, HALVINGS);
        });
        int flooded = 0;
        for (long source = 1; source <= 305 + floods; source++) {
            if (source > floods) {
                assertThat(came(source)).as("circuits of %d", source).isEqualTo(asked.get(source));
            } else {
                flooded += came(source);
            }
        }
        int room = all.size() / 4 - (all.size() - floods * 5_000);
        assertThat(flooded).isBetween(room / 2, Math.max(2 * floods * Newcomers.FEW, room * 3 / 2));
    }

    /// Nobody is taken for somebody who asks for more than he does, however many there are.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whoAsksForFewIsNeverRefusedInACrowdBeyondTheMemory(long seed) {
        Random random = new Random(seed);
        List<Long> all = arrivals(random, 3, 20_000, 20 * NewcomerWindow.SOURCES_MAX, Newcomers.FEW);
        all.forEach(source -> ask(source, HALVINGS));
        came.forEach((source, count) -> {
            if (source > 3) {
                assertThat(count).isEqualTo(asked.get(source));
            } else {
                assertThat(count).isLessThan(20_000 * 3 / 4);
            }
        });
        assertThat(newcomers.watched()).isLessThanOrEqualTo(2 * NewcomerWindow.SOURCES_MAX);
    }

    /// The estimate lies below the truth, and not far.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsKnownOfASourceIsTrue(long seed) {
        Random random = new Random(seed);
        NewcomerWindow window = new NewcomerWindow(world);
        Map<Long, Integer> truth = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            long source = (long) Math.abs(random.nextGaussian() * 1_000);
            window.add(source);
            truth.merge(source, 1, Integer::sum);
        }
        assertThat(window.total()).isEqualTo(50_000);
        truth.forEach((source, count) -> assertThat(window.atLeast(source)).isLessThanOrEqualTo(count));
        NewcomerWindow small = new NewcomerWindow(world);
        for (long source = 0; source < NewcomerWindow.SOURCES_MAX; source++) {
            for (int i = 0; i <= source % 7; i++) {
                small.add(source);
            }
        }
        for (long source = 0; source < NewcomerWindow.SOURCES_MAX; source++) {
            assertThat(small.atLeast(source)).isEqualTo((int) (source % 7) + 1);
        }
    }

    /// One that is alone loses what there is no room for, not more.
    @Test
    void whoIsAloneHasWhatThereIs() {
        for (int i = 0; i < 10_000; i++) {
            world.nanos += Newcomers.WINDOW_NANOS / 20_000;
            ask(1, 1);
        }
        assertThat(came(1)).isBetween(4_500, 5_500);
    }

    @Test
    void whereThereIsRoomNobodyIsRefused() {
        for (int i = 0; i < 10_000; i++) {
            ask(1, 0);
        }
        assertThat(came(1)).isEqualTo(10_000);
    }

    /// A flood that pauses is not free at once, and a source that is silent is forgotten.
    @Test
    void sourcesAreForgottenAfterTwoWindows() {
        for (int i = 0; i < 1_000; i++) {
            newcomers.count(1);
        }
        world.nanos += Newcomers.WINDOW_NANOS;
        newcomers.forget();
        assertThat(newcomers.watched()).isOne();
        for (int i = 0; i < 100; i++) {
            ask(1, HALVINGS);
        }
        assertThat(came(1)).isLessThan(40);
        world.nanos += Newcomers.WINDOW_NANOS;
        newcomers.forget();
        assertThat(newcomers.watched()).isOne();
        world.nanos += Newcomers.WINDOW_NANOS;
        newcomers.forget();
        assertThat(newcomers.watched()).isZero();
        newcomers.count(1);
        world.nanos += 2 * Newcomers.WINDOW_NANOS;
        newcomers.forget();
        assertThat(newcomers.watched()).isZero();
    }
}
