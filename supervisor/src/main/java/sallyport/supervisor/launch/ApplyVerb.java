package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.plan.Plan;
import sallyport.supervisor.plan.Plan.Kind;
import sallyport.supervisor.plan.PlanText;

/// `sallyport apply`: makes a plan what runs.
@Command(
        name = "apply",
        description = {
            "Makes what a file with pools says the state that runs.",
            "Writes the lock file beside it and the history below the data directory, and has the running process take it"
                    + " over, a batch of relays at a time. It stops when a batch does not become healthy. Ended at any"
                    + " moment, it can be done again."
        },
        footer = {"", "As in: sallyport apply --why \"three more for the new rack\" --config sallyport.conf"},
        exitCodeOnInvalidInput = ExitCode.ERROR,
        mixinStandardHelpOptions = true)
final class ApplyVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(
            paramLabel = "PLAN",
            arity = "0..1",
            description = "What `plan -o` wrote; without it a new plan is made.")
    private @Nullable Path planFile;

    @Mixin
    private HandOverOption handOver = new HandOverOption();

    @Option(
            names = "--rollback-on-failure",
            description = "Goes back to the state that ran when a batch does not become healthy.")
    private boolean takesBack;

    @Option(names = "--yes", description = "Relays may be removed, which cuts their streams.")
    private boolean yes;

    @Option(names = "--why", paramLabel = "TEXT", defaultValue = "", description = "What the history says of it.")
    private String why = "";

    @Override
    public Integer call() throws IOException, InterruptedException, BadConfiguration {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Optional<FleetWork> opened = FleetWork.of(config, err);
        if (opened.isEmpty()) {
            return ExitCode.ERROR;
        }
        FleetWork work = opened.get();
        Optional<Plan> plan = planFile == null ? work.plan() : read(planFile, work, err);
        if (plan.isEmpty()) {
            return ExitCode.ERROR;
        }
        ApplyReport report = new ApplyReport(handOver.json(), out, err);
        report.plan(plan.get());
        if (plan.get().isEmpty()) {
            boolean behind = work.running().isPresent()
                    && work.states().running() != plan.get().base();
            return behind ? work.handOver(plan.get().base(), handOver, takesBack, report) : ExitCode.OK;
        }
        return mayRemove(plan.get(), yes, err)
                ? work.apply(plan.get(), why, handOver, takesBack, report)
                : ExitCode.REFUSED;
    }

    /// Relays are removed only by who says so: their streams are cut.
    static boolean mayRemove(Plan plan, boolean yes, PrintWriter err) {
        long removed = plan.count(Kind.REMOVE);
        if (removed > 0 && !yes) {
            err.println("refused: " + removed + (removed == 1 ? " relay" : " relays")
                    + " would be removed and the streams cut; say --yes");
            return false;
        }
        return true;
    }

    private static Optional<Plan> read(Path file, FleetWork work, PrintWriter err) {
        try {
            Plan plan = PlanText.parse(Files.readString(file));
            if (!plan.file().equals(work.file().toString())) {
                err.println(file + " is a plan of " + plan.file() + ", not of " + work.file()
                        + "; apply it with --config " + plan.file() + ", or make a new plan");
                return Optional.empty();
            }
            return Optional.of(plan);
        } catch (IllegalArgumentException e) {
            err.println(file + " " + e.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            err.println(
                    Failure.text(e) + "; a plan is made with: sallyport plan -o " + file + " --config " + work.file());
            return Optional.empty();
        }
    }
}
