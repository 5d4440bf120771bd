package sallyport.supervisor.launch;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sallyport.supervisor.config.FleetSpec;

/// `sallyport config check` and `config explain`.
@Command(
        name = "config",
        description = "Looks at configuration files.",
        synopsisSubcommandLabel = "(check | explain)",
        mixinStandardHelpOptions = true,
        subcommands = {ConfigVerb.Check.class, ConfigExplain.class})
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
            Optional<FleetSpec> fleet = config.read(spec.commandLine().getErr());
            if (fleet.isEmpty()) {
                return ExitCode.ERROR;
            }
            int relays = fleet.get().relays().size();
            spec.commandLine()
                    .getOut()
                    .println(config.file() + ": good, " + (relays == 1 ? "1 relay" : relays + " relays"));
            return ExitCode.OK;
        }
    }
}
