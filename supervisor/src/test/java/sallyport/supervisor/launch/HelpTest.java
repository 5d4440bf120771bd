package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// Every verb shows how it is typed, and can be read by programs.
class HelpTest {
    /// `init` writes a file for people, `run` logs (`--log-format json`).
    private static final List<String> WITHOUT_JSON = List.of("sallyport init", "sallyport run");

    @ParameterizedTest
    @MethodSource
    void verbs(CommandLine verb) {
        String name = verb.getCommandSpec().qualifiedName();
        String help = verb.getUsageMessage(CommandLine.Help.Ansi.OFF);
        assertThat(help.replaceAll("\\s+", " ")).as("an example").containsPattern(": " + name + " [a-z0-9-]");
        assertThat(verb.getCommandSpec().usageMessage().description()[0])
                .as("all that the list of verbs shows is a sentence")
                .endsWith(".");
        if (!WITHOUT_JSON.contains(name)) {
            assertThat(verb.getCommandSpec().findOption("--json")).as(name).isNotNull();
        }
    }

    static Stream<CommandLine> verbs() {
        List<CommandLine> leaves = new ArrayList<>();
        collect(Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())), leaves);
        return leaves.stream();
    }

    private static void collect(CommandLine verb, List<CommandLine> leaves) {
        Map<String, CommandLine> below = verb.getSubcommands();
        if (below.isEmpty()) {
            leaves.add(verb);
        }
        below.values().forEach(each -> collect(each, leaves));
    }
}
