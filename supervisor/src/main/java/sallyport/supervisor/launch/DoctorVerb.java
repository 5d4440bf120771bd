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
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.doctor.Doctor;
import sallyport.supervisor.doctor.Finding;
import sallyport.supervisor.doctor.ThisMachine;

/// `sallyport doctor`.
@Command(
        name = "doctor",
        description = "Looks at this machine and the configuration for what keeps the relays from serving well, "
                + "and says what to do about it (docs/doctor.md). Changes nothing. Works while the relays "
                + "run.",
        footer = {
            "",
            "Exit codes: 0 nothing found, 1 the configuration is bad, 2 something was found.",
            "Example: sallyport doctor --config fleet.conf"
        },
        mixinStandardHelpOptions = true)
final class DoctorVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--all", description = "Shows each finding, also those of many relays that are alike.")
    private boolean all;

    @Option(names = "--json", description = "Prints a JSON array instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Optional<FleetSpec> fleet = config.read(spec.commandLine().getErr());
        if (fleet.isEmpty()) {
            return ExitCode.ERROR;
        }
        ThisMachine machine =
                new ThisMachine(DataDirectoryLock.holderOf(fleet.get().dataDirectory()));
        List<Finding> findings = Doctor.examine(fleet.get(), machine);
        FindingsText.print(findings, all, json, out);
        return findings.isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
    }
}
