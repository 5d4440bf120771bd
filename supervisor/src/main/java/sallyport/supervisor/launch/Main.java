package sallyport.supervisor.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command line `sallyport`.
@Command(
        name = "sallyport",
        description = "Runs many Tor exit relays in one process.",
        synopsisSubcommandLabel = "VERB",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Begin with: sallyport init FILE, then: sallyport plan --config FILE"})
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8)));
    }

    /// The whole command, without ending the JVM.
    static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        return commandLine(out, err).execute(arguments);
    }

    /// All verbs.
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine commandLine = new CommandLine(new Main())
                .addSubcommand(InitVerb.commandLine(new InitVerb()))
                .addSubcommand(new RunVerb())
                .addSubcommand(new PlanVerb())
                .addSubcommand(new ApplyVerb())
                .addSubcommand(new HistoryVerb())
                .addSubcommand(new DiffVerb())
                .addSubcommand(new RollbackVerb())
                .addSubcommand(new IdentityVerb())
                .addSubcommand(new ConfigVerb())
                .addSubcommand(new DoctorVerb())
                .addSubcommand(new StatusVerb())
                .addSubcommand(new RelayVerb())
                .addSubcommand(new TopVerb())
                .addSubcommand(new LogVerb());
        ServiceLoader.load(Verb.class).forEach(verb -> commandLine.addSubcommand(verb.command()));
        // After the verbs, which inherit it.
        commandLine.setOut(out).setErr(err).setUsageHelpAutoWidth(true).setCaseInsensitiveEnumValuesAllowed(true);
        CommandErrors.install(commandLine);
        return commandLine;
    }

    /// Without a verb there is nothing to do.
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
