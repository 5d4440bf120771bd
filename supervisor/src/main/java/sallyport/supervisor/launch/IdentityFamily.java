package sallyport.supervisor.launch;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `sallyport identity family`.
@Command(
        name = "family",
        description = "Changes the key of the family.",
        synopsisSubcommandLabel = "rotate",
        mixinStandardHelpOptions = true,
        subcommands = IdentityFamilyRotate.class)
final class IdentityFamily implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
