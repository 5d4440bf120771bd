package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.supervisor.admin.Json;
import sallyport.supervisor.apply.AppliedState;
import sallyport.supervisor.apply.TextDifference;

/// `sallyport diff`: the lines in which two applied states differ.
@Command(
        name = "diff",
        description = {
            "Shows the lines of configuration and lock in which two applied states differ.",
            "Ends with 0 when there are none, 2 when there are, 1 for an error."
        },
        exitCodeOnInvalidInput = ExitCode.ERROR,
        footer = {"", "Example: sallyport diff 3 4 --config fleet.conf"},
        mixinStandardHelpOptions = true)
final class DiffVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(index = "0", paramLabel = "N", description = "The number of the earlier state, as `history` shows it.")
    private int from;

    @Parameters(index = "1", paramLabel = "M", description = "That of the later one.")
    private int to;

    @Option(names = "--json", description = "Prints one JSON object instead of lines.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Optional<FleetWork> work = FleetWork.of(config, err);
        if (work.isEmpty()) {
            return ExitCode.ERROR;
        }
        try {
            AppliedState before = work.get().states().read(from);
            AppliedState after = work.get().states().read(to);
            List<String> configuration = TextDifference.between(before.text(), after.text());
            List<String> lock = TextDifference.between(before.lock(), after.lock());
            if (json) {
                out.println(json(configuration, lock));
            } else {
                configuration.forEach(out::println);
                lock.forEach(out::println);
            }
            return configuration.isEmpty() && lock.isEmpty() ? ExitCode.OK : ExitCode.CHANGES;
        } catch (IOException e) {
            err.println(Failure.text(e));
            return ExitCode.ERROR;
        }
    }

    private String json(List<String> configuration, List<String> lock) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("schema", 1);
        object.put("from", from);
        object.put("to", to);
        object.put("configuration", configuration);
        object.put("lock", lock);
        return Json.write(object);
    }
}
