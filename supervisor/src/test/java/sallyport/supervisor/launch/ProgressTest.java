package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/// Who waits sees that something happens, and who does not wait sees nothing.
class ProgressTest {
    private static final long MILLI = 1_000_000;

    private final StringWriter err = new StringWriter();
    // Close to where a clock of nanoseconds begins anew.
    private long nanos = Long.MAX_VALUE - 500 * MILLI;
    private final Progress progress = new Progress("keys", 100, new PrintWriter(err, true), () -> nanos);

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
        progress.one();
        assertThat(err.toString()).as("the end speaks for itself").doesNotContain("100 of 100");
    }

    private void parts(int count, long millisEach) {
        for (int i = 0; i < count; i++) {
            nanos += millisEach * MILLI;
            progress.one();
        }
    }
}
