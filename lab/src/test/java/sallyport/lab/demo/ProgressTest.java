package sallyport.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @Test
    void stepsAreLinesWhereThereIsNoTerminal() {
        try (Progress progress = new Progress(new PrintWriter(err), false, 2)) {
            progress.step("one thing");
            progress.step("another");
            progress.print(new PrintWriter(out), "a result");
        }

        assertThat(err.toString()).isEqualTo("[0 s] one thing\n[0 s] another\n");
        assertThat(out.toString()).isEqualTo("a result\n");
    }

    @Test
    void onATerminalABarMovesAndLeavesNothingBehind() {
        try (Progress progress = new Progress(new PrintWriter(err), true, 4)) {
            progress.step("one thing");

            assertThat(err.toString()).contains("[#####...............] 0 s  one thing");
            progress.say("a line that stays");
            assertThat(err.toString()).endsWith("\r\u001b[K[0 s] a line that stays\n");
        }

        assertThat(err.toString()).endsWith("\r\u001b[K");
    }

    @Test
    void noBarIsLongerThanALineNorFullerThanFull() {
        try (Progress progress = new Progress(new PrintWriter(err), true, 1)) {
            progress.step("first");
            progress.step("x".repeat(200));

            String bar = err.toString().substring(err.toString().lastIndexOf('\u001b'));
            assertThat(bar).contains("[####################]").hasSizeLessThanOrEqualTo(79 + "\u001b[K".length());
        }
    }

    @Test
    void aResultIsNotWrittenIntoTheBar() {
        try (Progress progress = new Progress(new PrintWriter(err), true, 1)) {
            progress.step("first");
            progress.print(new PrintWriter(err), "a result");

            assertThat(err.toString()).endsWith("\r\u001b[Ka result\n");
        }
    }
}
