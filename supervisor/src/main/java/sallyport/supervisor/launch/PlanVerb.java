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
import picocli.CommandLine.Spec;
import sallyport.supervisor.plan.Plan;
import sallyport.supervisor.plan.PlanText;

/// `sallyport plan`: what `apply` would do.
@Command(
        name = "plan",
        description = {
            "Shows what applying a file with pools would do to the fleet, and what follows from it; changes nothing.",
            "Ends with 0 when there is nothing to do, 2 when there is, 1 for an error."
        },
        footer = {"", "As in: sallyport plan -o grow.plan --config sallyport.conf, then: sallyport apply grow.plan ..."
        },
        exitCodeOnInvalidInput = ExitCode.ERROR,
        mixinStandardHelpOptions = true)
final class PlanVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "Writes the plan to a file, for `apply` to do exactly that.")
    private @Nullable Path output;

    @Option(names = "--all", description = "Shows a line for each relay, however many there are.")
    private boolean all;

    @Option(names = "--json", description = "Prints the plan as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Optional<FleetWork> work = FleetWork.of(config, err);
        Optional<Plan> plan = work.isEmpty() ? Optional.empty() : work.get().plan();
        if (plan.isEmpty()) {
            return ExitCode.ERROR;
        }
        if (output != null) {
            Files.writeString(output, PlanText.json(plan.get()));
        }
        if (json) {
            out.print(PlanText.json(plan.get()));
        } else {
            PlanText.forPeople(plan.get(), all).forEach(out::println);
            if (!plan.get().isEmpty()) {
                out.println(
                        "next: sallyport apply " + (output == null ? "" : output + " ") + "--config " + config.file());
            }
        }
        out.flush();
        return plan.get().isEmpty() ? ExitCode.OK : ExitCode.CHANGES;
    }
}
