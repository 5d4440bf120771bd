package sallyport.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DemoCommandTest {
    private final StringWriter err = new StringWriter();

    /// Each is refused before anything is started.
    @ParameterizedTest
    @CsvSource({
        "--exits 0,                   --exits takes 1 to 50",
        "--exits 51,                  --exits takes 1 to 50",
        "--duration soon,             is not a time up to a day",
        "attack --exits 2,            --exits takes 3 to 50",
        "break --exits 2,             --exits takes 3 to 50",
        "load --mix spam=1,           no profile is called",
        "attack --mix web=often,      is not NAME=ARRIVALS-A-SECOND",
    })
    void saysWhatIsWrong(String arguments, String complaint) {
        int code =
                new CommandLine(new DemoCommand()).setErr(new PrintWriter(err)).execute(arguments.split(" ", -1));

        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(complaint);
    }

    @Test
    void helpNamesThePerformances() {
        StringWriter out = new StringWriter();

        new CommandLine(new DemoCommand()).setOut(new PrintWriter(out)).execute("--help");

        assertThat(out.toString()).contains("load", "attack", "break", "--exits");
    }
}
