package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who waits sees that something happens, and who does not wait sees nothing.
class ProgressTest {
    private static final long MILLI = 1_000_000;

    @TempDir
    Path directory;

    private final StringWriter err = new StringWriter();
    // Close to where a clock of nanoseconds begins anew.
    private long nanos = Long.MAX_VALUE - 500 * MILLI;
    private final Progress progress = new Progress(new PrintWriter(err, true), () -> nanos, Duration.ZERO);
    private final Progress.Work work = progress.work("keys", 100);

    @Test
    void whatIsDoneWithinASecondIsNotTalkedAbout() {
        parts(100, 9);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatTakesLongerSaysHowFarItIsNowAndThen() {
        parts(99, 100);
        assertThat(err.toString()).isEqualTo("keys: 10 of 100\nkeys: 60 of 100\n");
        nanos += 10_000 * MILLI;
        work.one();
        assertThat(err.toString()).as("the end speaks for itself").doesNotContain("100 of 100");
    }

    /// The second is that of the verb, not of each thing that it does.
    @Test
    void worksThatFollowEachOtherCountTogether() {
        parts(60, 15);
        progress.at("relays read", 1, 250);
        nanos += 200 * MILLI;
        progress.at("relays read", 2, 250);
        assertThat(err.toString()).isEqualTo("relays read: 2 of 250\n");
    }

    @Test
    void theStartOfTheProcessIsPartOfTheWait() {
        Progress late = new Progress(new PrintWriter(err, true), () -> nanos, Duration.ofMillis(900));
        late.at("relays read", 1, 250);
        assertThat(err.toString()).isEmpty();
        nanos += 100 * MILLI;
        late.at("relays read", 2, 250);
        assertThat(err.toString()).isEqualTo("relays read: 2 of 250\n");
    }

    @Test
    void whatIsNoTerminalGetsNothing() throws Exception {
        assertThat(Progress.isTerminal(Files.createSymbolicLink(directory.resolve("a"), Path.of("/dev/pts/3"))))
                .isTrue();
        assertThat(Progress.isTerminal(Files.createSymbolicLink(directory.resolve("b"), Path.of("/dev/null"))))
                .isFalse();
        assertThat(Progress.isTerminal(directory.resolve("none"))).isFalse();
    }

    private void parts(int count, long millisEach) {
        for (int i = 0; i < count; i++) {
            nanos += millisEach * MILLI;
            work.one();
        }
    }
}
