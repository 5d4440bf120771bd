package sallyport.supervisor.launch;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `sallyport identity`.
@Command(
        name = "identity",
        description = "Shows and makes the identities of relays.",
        synopsisSubcommandLabel = "VERB",
        mixinStandardHelpOptions = true,
        subcommands = {
            IdentityShow.class,
            IdentityKeygen.class,
            IdentityRenew.class,
            IdentityFamilyKeygen.class,
            IdentityFamily.class,
            IdentityCheckVerb.class,
            IdentityProofFiles.class
        })
final class IdentityVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
