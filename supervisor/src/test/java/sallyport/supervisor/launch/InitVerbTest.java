package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InitVerbTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void optionsAloneMakeAFleetThatCanBePlanned() throws Exception {
        assertThat(init(null, options())).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(file()))
                .contains(
                        "count = 10\n",
                        "nickname = \"example{n}\"",
                        "ipv4 = [\"198.51.100.0/28\"]",
                        "exit-policy = reduced")
                .doesNotContain("ipv6", "reserve", "network {", "url = ");
        StringWriter planned = new StringWriter();
        assertThat(Main.run(
                        new String[] {"plan", "--config", file().toString()},
                        new PrintWriter(planned),
                        new PrintWriter(err)))
                .as(err.toString())
                .isEqualTo(ExitCode.CHANGES);
        assertThat(planned.toString()).contains("exits-10");
        assertThat(directory).isDirectoryNotContaining("glob:**.draft");
    }

    @Test
    void everythingThatCanBeSaidStandsInTheFile() throws Exception {
        List<String> all = options();
        all.addAll(List.of("--ipv6", "2001:db8:0:1::/64", "--reserve", "198.51.100.1, 198.51.100.2"));
        all.addAll(List.of("--url", "https://example.org", "--policy", "web", "--or-port", "9001"));
        all.addAll(List.of(
                "--authority", "auth1 orport=5000 v3ident=" + "A".repeat(40) + " 127.0.0.1:7000 " + "B".repeat(40)));
        assertThat(init(null, all)).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(file()))
                .contains(
                        "ipv6 = [\"2001:db8:0:1::/64\"]",
                        "reserve = [\"198.51.100.1\", \"198.51.100.2\"]",
                        "url = \"https://example.org\"",
                        "exit-policy = web",
                        "ipv6-exit = true",
                        "or-port = 9001",
                        "kind = testing");
    }

    @Test
    void relaysThatLetNothingOut() throws Exception {
        List<String> none = options();
        none.addAll(List.of("--policy", "none"));
        assertThat(init(null, none)).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(file())).contains("exit-policy = [\"reject *:*\"]", "groups.relays {");
    }

    @Test
    void asksForWhatNobodySaidUntilItCanBeAnAnswer() throws Exception {
        String answers = "many\n5\n198.51.100.0/29\n\n\nexample\nexample{n}\ntor@example.org\n\n\n\n\n" + data() + "\n";
        assertThat(init(answers, List.of(file().toString()))).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains(
                        "How many relays [3]: ",
                        "  that takes a number from 1 to 1000",
                        "  that takes letters and digits");
        assertThat(Files.readString(file())).contains("count = 5\n", "exit-policy = reduced");
    }

    @Test
    void whereNobodyCanBeAskedEverythingThatIsMissingOrWrongIsSaidAtOnce() {
        assertThat(init(null, List.of(file().toString(), "--relays", "0"))).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString().lines())
                .containsExactly(
                        "--relays takes a number from 1 to 1000, not '0'",
                        "--ipv4 is needed: such as 198.51.100.0/26 or 198.51.100.5-198.51.100.9",
                        "--nickname is needed: letters and digits with {n} among them, such as example{n};"
                                + " at most 19 characters with the number",
                        "--email is needed: a mail address");
        assertThat(file()).doesNotExist();
    }

    @Test
    void answersThatMakeNoFleetAreRefusedAsTheReaderRefusesThem() {
        List<String> tooMany = options();
        tooMany.addAll(List.of("--relays", "900"));
        tooMany.remove("--relays");
        tooMany.remove("10");
        assertThat(init(null, tooMany)).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains(file() + ":", "these answers make no fleet; nothing was written");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void neverWritesOverAFile() throws Exception {
        Files.writeString(file(), "mine");
        assertThat(init(null, options())).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("never writes over a file");
        assertThat(file()).hasContent("mine");
    }

    @Test
    void theEndOfTheInputWritesNothing() {
        assertThat(init("5\n", List.of(file().toString()))).isEqualTo(ExitCode.ERROR);
        assertThat(file()).doesNotExist();
    }

    private List<String> options() {
        return new ArrayList<>(List.of(
                file().toString(),
                "--relays",
                "10",
                "--ipv4",
                "198.51.100.0/28",
                "--nickname",
                "example{n}",
                "--email",
                "tor@example.org",
                "--data-directory",
                data()));
    }

    private int init(@Nullable String answers, List<String> arguments) {
        CommandLine line = InitVerb.commandLine(
                new InitVerb(answers == null ? null : new BufferedReader(new StringReader(answers))));
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(arguments.toArray(String[]::new));
    }

    private Path file() {
        return directory.resolve("fleet.conf");
    }

    private String data() {
        return directory.resolve("data").toString();
    }
}
