package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.plan.Plan;

/// `sallyport rollback`: applies an earlier state once more.
@Command(
        name = "rollback",
        description = {
            "Applies an earlier state again, with its configuration and its lock, as a new entry of the history.",
            "The file itself stays as it is: until it is taken back too, `run` says that it has moved on."
        },
        exitCodeOnInvalidInput = ExitCode.ERROR,
        footer = {"", "Example: sallyport rollback 3 --why \"the new policy drew complaints\" --config fleet.conf"},
        mixinStandardHelpOptions = true)
final class RollbackVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(paramLabel = "N", description = "The number of the state, as `history` shows it.")
    private int number;

    @Mixin
    private HandOverOption handOver = new HandOverOption();

    @Option(names = "--yes", description = "Relays may be removed, which cuts their streams.")
    private boolean yes;

    @Option(names = "--why", paramLabel = "TEXT", defaultValue = "", description = "What the history says of it.")
    private String why = "";

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Optional<FleetWork> work = FleetWork.of(config, err);
        if (work.isEmpty()) {
            return ExitCode.ERROR;
        }
        Plan plan;
        try {
            plan = work.get().planBackTo(number);
        } catch (IOException e) {
            err.println(Failure.text(e));
            return ExitCode.ERROR;
        } catch (BadConfiguration e) {
            e.report().forEach(err::println);
            return ExitCode.ERROR;
        }
        ApplyReport report = new ApplyReport(handOver.json(), out, err);
        report.plan(plan);
        if (plan.isEmpty()) {
            return ExitCode.OK;
        }
        return ApplyVerb.mayRemove(plan, yes, err)
                ? work.get().apply(plan, why.isEmpty() ? "back to state " + number : why, handOver, false, report)
                : ExitCode.REFUSED;
    }
}
