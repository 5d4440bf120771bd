package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.Spelling;

/// What becomes of a command line that cannot be, and of a verb that cannot go on: a line or two that say why, and the
/// way out.
final class CommandErrors {
    private CommandErrors() {}

    static void install(CommandLine commandLine) {
        commandLine.setParameterExceptionHandler(CommandErrors::onWrongLine);
        commandLine.setExecutionExceptionHandler((failure, command, _) -> onFailure(failure, command.getErr()));
    }

    private static int onWrongLine(ParameterException wrong, String[] arguments) {
        CommandLine verb = wrong.getCommandLine();
        PrintWriter err = verb.getErr();
        err.println(wrong.getMessage());
        Map<String, String> meant = misspelled(verb, arguments);
        meant.forEach((word, option) -> err.println(word + " is no option; did you mean " + option + "?"));
        if (meant.isEmpty() && wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                err.println("did you mean: " + String.join(" or ", suggestions) + "?");
            }
        }
        err.print("usage: " + verb.getHelp().synopsis(0));
        err.println("see:   " + verb.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return verb.getCommandSpec().exitCodeOnInvalidInput();
    }

    /// Words that look like options and are none of the verb's, each with the nearest that is.
    private static Map<String, String> misspelled(CommandLine verb, String[] arguments) {
        Set<String> known = verb.getCommandSpec().optionsMap().keySet();
        Map<String, String> meant = new LinkedHashMap<>();
        for (String word :
                Arrays.stream(arguments).map(each -> each.split("=", 2)[0]).toList()) {
            @Nullable
            String nearest = word.startsWith("--") && !known.contains(word) ? Spelling.nearest(word, known) : null;
            if (nearest != null) {
                meant.put(word, nearest);
            }
        }
        return meant;
    }

    private static int onFailure(Exception failure, PrintWriter err) {
        switch (failure) {
            case BadConfiguration bad -> bad.report().forEach(err::println);
            case IOException e -> err.println(Failure.text(e));
            case UncheckedIOException e -> err.println(Failure.text(e));
            default -> {
                err.println("a fault of ours; please report it with these lines:");
                failure.printStackTrace(err);
            }
        }
        err.flush();
        return ExitCode.ERROR;
    }
}
