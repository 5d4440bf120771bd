package sallyport.supervisor.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How much of the history is kept.
class AppliedStatesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path data;

    private AppliedStates states;

    @BeforeEach
    void open() {
        states = new AppliedStates(data);
    }

    @Test
    void theOldestOfManyStatesGo() throws Exception {
        apply(1, AppliedStates.KEPT);
        states.prune();
        assertThat(states.numbers()).hasSize(AppliedStates.KEPT);
        apply(AppliedStates.KEPT + 1, AppliedStates.KEPT + 3);
        states.prune();
        assertThat(states.numbers())
                .isEqualTo(
                        IntStream.rangeClosed(4, AppliedStates.KEPT + 3).boxed().toList());
        assertThat(states.latest().orElseThrow().why()).isEqualTo("number " + (AppliedStates.KEPT + 3));
        try (var names = Files.list(data.resolve("applied"))) {
            assertThat(names).hasSize(AppliedStates.KEPT);
        }
    }

    /// Whoever rolled back long ago runs an old state, and its process may start again at any time.
    @Test
    void whatRunsStaysHoweverOldItIs() throws Exception {
        apply(1, AppliedStates.KEPT + 2);
        states.noteRunning(1);
        states.prune();
        assertThat(states.numbers()).startsWith(1, 3).hasSize(AppliedStates.KEPT + 1);
    }

    /// The process ended between two steps of forgetting; the next one goes on.
    @Test
    void whatWasHalfForgottenIsForgotten() throws Exception {
        apply(1, AppliedStates.KEPT + 1);
        Files.createDirectories(data.resolve("applied/old/rest"));
        states.prune();
        assertThat(states.numbers()).hasSize(AppliedStates.KEPT).startsWith(2);
        assertThat(data.resolve("applied/old")).doesNotExist();
    }

    private void apply(int first, int last) throws Exception {
        for (int number : List.copyOf(IntStream.rangeClosed(first, last).boxed().toList())) {
            states.prepare(new AppliedState(number, NOW, "op", "number " + number, "h", "f", "a = 1\n", ""));
            states.commit(number);
        }
    }
}
