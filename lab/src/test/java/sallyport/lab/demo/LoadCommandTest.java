package sallyport.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LoadCommandTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    /// Each is refused before anything is started.
    @ParameterizedTest
    @CsvSource({
        "--for 5s,                               Error: Missing required argument",
        "--socks 127.0.0.1:9 --config x,         are mutually exclusive",
        "--config x --hops 1,                    --hops takes 2 or 3",
        "--config x --hops 4,                    --hops takes 2 or 3",
        "--socks 127.0.0.1:9 --hops 2,           it is the client that chooses paths",
        "--socks 127.0.0.1:9 --within,           it is the client that chooses paths",
        "--socks 192.0.2.1:9,                    takes an address of loopback",
        "--config x --mix resolve=1,             say with --name",
    })
    void saysWhatIsWrong(String arguments, String complaint) {
        assertThat(execute(arguments.split(" ", -1))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(complaint);
    }

    @Test
    void relaysThatDoNotRunAreNoRelaysUnderTest() throws Exception {
        Path file = directory.resolve("sallyport.conf");
        assertThat(execute("--config", file.toString())).isNotZero();
        assertThat(err.toString()).contains(file + " has no data-directory");
        Files.writeString(file, "data-directory = [");
        assertThat(execute("--config", file.toString())).isNotZero();
        assertThat(err.toString()).contains("cannot be read: " + file);
        Files.writeString(file, "data-directory = \"" + directory + "\"");
        assertThat(execute("--config", file.toString())).isNotZero();
        assertThat(err.toString()).contains("no sallyport runs over " + directory);
    }

    private int execute(String... arguments) {
        return new CommandLine(new LoadCommand())
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
