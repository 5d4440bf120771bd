package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sallyport.supervisor.apply.AppliedState;
import sallyport.supervisor.assignment.LockReader;
import sallyport.supervisor.config.Printable;

/// `sallyport history`: what was applied on this host, when, by whom and why.
@Command(
        name = "history",
        description = "Shows what was applied on this host, the newest last; * marks what runs.",
        exitCodeOnInvalidInput = ExitCode.ERROR,
        mixinStandardHelpOptions = true)
final class HistoryVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<FleetWork> work = FleetWork.of(config, spec.commandLine().getErr());
        if (work.isEmpty()) {
            return ExitCode.ERROR;
        }
        List<AppliedState> states = work.get().states().all();
        int running = work.get().running().isPresent() ? work.get().states().running() : 0;
        for (AppliedState state : states) {
            int relays = LockReader.read(state.lock()).lock().of(state.host()).size();
            out.println((state.number() == running ? "* " : "  ") + state.number() + "  " + state.when() + "  " + relays
                    + " relays  " + state.who() + "  " + Printable.line(state.why()));
        }
        if (states.isEmpty()) {
            out.println("nothing was applied yet");
        }
        return ExitCode.OK;
    }
}
