package sallyport.supervisor.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.Problem;

/// `sallyport config check`, `config explain` and `config effective`.
@Command(
        name = "config",
        description = "Looks at configuration files.",
        synopsisSubcommandLabel = "(check | explain | effective)",
        mixinStandardHelpOptions = true,
        subcommands = {ConfigVerb.Check.class, ConfigExplain.class, ConfigEffective.class})
final class ConfigVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    @Command(
            name = "check",
            description = "Says everything that is wrong with a configuration file; changes nothing.",
            footer = {
                "",
                "Exit codes: 0 good, 1 the configuration is bad.",
                "Example: sallyport config check --config fleet.conf"
            },
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "Prints one JSON object, the problems included.")
        private boolean json;

        @Override
        public Integer call() {
            if (json) {
                return inJson();
            }
            Optional<FleetReading> reading = config.read(spec.commandLine().getErr(), false);
            if (reading.isEmpty()) {
                return ExitCode.ERROR;
            }
            int relays = reading.get().effective().size();
            String hosts = reading.get()
                    .fleet()
                    .map(fleet -> of(fleet.relaysOfHosts()))
                    .orElse("");
            spec.commandLine()
                    .getOut()
                    .println(config.file() + ": good, " + (relays == 1 ? "1 relay" : relays + " relays") + hosts);
            return ExitCode.OK;
        }

        private int inJson() {
            List<Problem> problems = new ArrayList<>();
            int relays = 0;
            try {
                relays = config.read(false).effective().size();
            } catch (BadConfiguration e) {
                problems.addAll(e.problems());
            }
            new JsonAnswer()
                    .with("outcome", problems.isEmpty() ? "ok" : "error")
                    .with("file", config.file().toString())
                    .with("relays", relays)
                    .with(
                            "problems",
                            problems.stream()
                                    .map(problem -> JsonAnswer.object(
                                            "file", problem.file(),
                                            "line", problem.line(),
                                            "column", problem.column(),
                                            "key", problem.key(),
                                            "what", problem.what(),
                                            "fix", problem.fix()))
                                    .toList())
                    .print(spec.commandLine().getOut());
            return problems.isEmpty() ? ExitCode.OK : ExitCode.ERROR;
        }

        private static String of(Map<String, Integer> relaysOfHosts) {
            return relaysOfHosts.size() == 1
                    ? ""
                    : relaysOfHosts.entrySet().stream()
                            .map(host -> host.getValue() + " on " + host.getKey())
                            .collect(Collectors.joining(", ", ": ", ""));
        }
    }
}
