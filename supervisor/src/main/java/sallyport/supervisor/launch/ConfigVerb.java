package sallyport.supervisor.launch;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sallyport.supervisor.config.FleetReading;

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
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Override
        public Integer call() {
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

        private static String of(Map<String, Integer> relaysOfHosts) {
            return relaysOfHosts.size() == 1
                    ? ""
                    : relaysOfHosts.entrySet().stream()
                            .map(host -> host.getValue() + " on " + host.getKey())
                            .collect(Collectors.joining(", ", ": ", ""));
        }
    }
}
