package sallyport.supervisor.launch;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.setup.FirstConfiguration;
import sallyport.supervisor.setup.Question;

/// `sallyport init [FILE]`: the first configuration, from a few questions or from options.
@Command(
        name = "init",
        description = {
            "Writes a commented configuration of a fleet, ready for `plan`. Asks what no option says, on a terminal;"
                    + " elsewhere every question without a default needs its option.",
            "Never writes over a file."
        },
        footer = {
            "",
            "As in: sallyport init fleet.conf --relays 10 --ipv4 198.51.100.0/28 --nickname example{n}"
                    + " --email tor@example.org",
            "Exit codes: 0 written, 1 an error, and nothing was written."
        },
        mixinStandardHelpOptions = true)
final class InitVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "sallyport.conf",
            description = "What to write; ${DEFAULT-VALUE} by default.")
    private Path file = Path.of("sallyport.conf");

    @Option(
            names = "--authority",
            paramLabel = "LINE",
            description = "An authority of a private network, as torrc's DirAuthority has it; one option each. Without"
                    + " them the relays are for the public network.")
    private List<String> authorities = List.of();

    private final @Nullable BufferedReader terminal;

    /// Asks on the terminal, if there is one.
    InitVerb() {
        this(isTerminal() ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)) : null);
    }

    /// @param terminal where answers come from; null: nobody can be asked
    InitVerb(@Nullable BufferedReader terminal) {
        this.terminal = terminal;
    }

    /// The verb with an option for each question.
    static CommandLine commandLine(InitVerb verb) {
        CommandLine line = new CommandLine(verb);
        for (Question question : Question.values()) {
            line.getCommandSpec()
                    .addOption(OptionSpec.builder("--" + question.option())
                            .type(String.class)
                            .paramLabel(question.name().replace('_', '-'))
                            .description(question.text()
                                    + question.fallback()
                                            .map(value -> "; " + value + " by default.")
                                            .orElse("."))
                            .build());
        }
        return line;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (Files.exists(file)) {
            err.println(file + " exists; init never writes over a file. Name another, or edit this one");
            return ExitCode.ERROR;
        }
        @Nullable Map<Question, String> answers = answers(out, err);
        if (answers == null) {
            return ExitCode.ERROR;
        }
        Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".draft");
        try {
            Files.writeString(draft, new FirstConfiguration(answers, authorities).text());
            new ConfigReader().read(draft);
            Files.move(draft, file);
        } catch (BadConfiguration bad) {
            bad.problems()
                    .forEach(problem -> err.println(problem.toString().replace(draft.toString(), file.toString())));
            err.println("these answers make no fleet; nothing was written");
            return ExitCode.ERROR;
        } finally {
            Files.deleteIfExists(draft);
        }
        out.println("wrote " + file);
        out.println("next: read it, then");
        out.println("  sallyport doctor --config " + file);
        out.println("  sallyport plan   --config " + file);
        out.println("  sallyport apply  --config " + file);
        out.println("  sallyport run    --config " + file);
        return ExitCode.OK;
    }

    private @Nullable Map<Question, String> answers(PrintWriter out, PrintWriter err) throws IOException {
        Map<Question, String> answers = new EnumMap<>(Question.class);
        List<String> complaints = new ArrayList<>();
        for (Question question : Question.values()) {
            @Nullable OptionSpec option = spec.findOption("--" + question.option());
            @Nullable String said = option == null ? null : option.getValue();
            if (said != null && !question.accepts(said)) {
                complaints.add("--" + question.option() + " takes " + question.form() + ", not '" + said + "'");
            } else if (said != null) {
                answers.put(question, said);
            } else if (terminal == null && question.fallback().isEmpty()) {
                complaints.add("--" + question.option() + " is needed: " + question.form());
            } else if (terminal == null) {
                answers.put(question, question.fallback().orElseThrow());
            }
        }
        if (!complaints.isEmpty()) {
            complaints.forEach(err::println);
            return null;
        }
        for (Question question : Question.values()) {
            if (!answers.containsKey(question)) {
                @Nullable String answer = ask(question, out);
                if (answer == null) {
                    err.println("no more answers; nothing was written");
                    return null;
                }
                answers.put(question, answer);
            }
        }
        return answers;
    }

    /// Asks until the answer can be one; null at the end of the input.
    private @Nullable String ask(Question question, PrintWriter out) throws IOException {
        BufferedReader in = Objects.requireNonNull(terminal);
        while (true) {
            out.print(question.text()
                    + question.fallback().map(value -> " [" + value + "]").orElse("") + ": ");
            out.flush();
            @Nullable String line = in.readLine();
            if (line == null) {
                return null;
            }
            String answer = line.isBlank() ? question.fallback().orElse("") : line.strip();
            if (question.accepts(answer)) {
                return answer;
            }
            out.println("  that takes " + question.form());
        }
    }

    @SuppressWarnings("SystemConsoleNull") // null where there is no terminal
    private static boolean isTerminal() {
        @Nullable Console console = System.console();
        return console != null && console.isTerminal();
    }
}
