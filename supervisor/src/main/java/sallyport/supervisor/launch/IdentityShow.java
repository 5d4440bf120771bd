package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.config.FleetSpec;

/// `sallyport identity show`: the names under which the network knows the relays of a file. Makes keys
/// that are missing; each relay's keys have a lock, so a running process is not disturbed.
@Command(
        name = "show",
        description = "Shows the fingerprints of all relays of a configuration, in its order; makes missing keys.",
        footer = {"", "Example: sallyport identity show --config fleet.conf"},
        mixinStandardHelpOptions = true)
final class IdentityShow implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--json", description = "Prints a JSON array instead of a table.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Optional<FleetSpec> fleet = config.read(err);
        if (fleet.isEmpty()) {
            return ExitCode.ERROR;
        }
        List<InstanceSpec> relays = fleet.get().relays();
        List<ShownIdentity> shown =
                FleetIdentities.read(fleet.get(), err, config.progress()).relays();
        out.print(json ? ShownIdentity.json(shown) : ShownIdentity.table(shown));
        out.flush();
        if (shown.size() == relays.size()) {
            return ExitCode.OK;
        }
        return shown.isEmpty() ? ExitCode.ERROR : ExitCode.PARTIAL;
    }
}
