package sallyport.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Whole relays under seeds: no cell is lost or overtaken, every account ends at zero, nothing stays behind, and
/// everything ends. A failure names its seed; `-Dseed=N` runs that one again, and `-Dseeds=N` another number of them.
class SimulationTest {
    private static final long FIRST = 1;
    // So many are run a second time.
    private static final long TWICE = 20;

    @Test
    void everySeedKeepsTheInvariants() {
        Long one = Long.getLong("seed");
        long first = one == null ? FIRST : one;
        long count = one == null ? Long.getLong("seeds", 2000) : 1;
        Map<String, Integer> counts = new TreeMap<>();
        long events = 0;
        for (long seed = first; seed < first + count; seed++) {
            Scenario.Outcome outcome = Scenario.run(seed, one != null);
            if (outcome.failure() != null) {
                throw new AssertionError("seed " + seed + ": " + outcome.failure() + "\n" + outcome.lastLines()
                        + "\nreplay: mvn -o -pl engine test -Dtest=SimulationTest -Dseed=" + seed);
            }
            outcome.counts().forEach((what, n) -> counts.merge(what, n, Integer::sum));
            events += outcome.events();
        }
        System.out.println(count + " seeds, " + events + " events, " + counts);
    }

    @Test
    void theSameSeedDoesTheSameAgain() {
        Long one = Long.getLong("seed");
        long first = one == null ? FIRST : one;
        long count = one == null ? TWICE : 1;
        for (long seed = first; seed < first + count; seed++) {
            Scenario.Outcome once = Scenario.run(seed, false);
            Scenario.Outcome again = Scenario.run(seed, false);

            assertThat(again.trace()).as("trace of seed %d", seed).isEqualTo(once.trace());
            assertThat(again.events()).isEqualTo(once.events());
        }
    }
}
