package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.supervisor.admin.Json;
import sallyport.supervisor.apply.AppliedState;
import sallyport.supervisor.assignment.LockReader;
import sallyport.supervisor.config.Printable;

/// `sallyport history`: what was applied on this host, when, by whom and why.
@Command(
        name = "history",
        description = "Shows what was applied on this host, the newest last; * marks what runs.",
        exitCodeOnInvalidInput = ExitCode.ERROR,
        footer = {"", "Example: sallyport history --config fleet.conf"},
        mixinStandardHelpOptions = true)
final class HistoryVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--json", description = "Prints one JSON object instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<FleetWork> work = FleetWork.of(config, spec.commandLine().getErr());
        if (work.isEmpty()) {
            return ExitCode.ERROR;
        }
        List<AppliedState> states = work.get().states().all();
        int running = work.get().running().isPresent() ? work.get().states().running() : 0;
        if (json) {
            out.println(json(states, running));
            return ExitCode.OK;
        }
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

    private static String json(List<AppliedState> states, int running) {
        List<Object> all = new ArrayList<>();
        for (AppliedState state : states) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("state", state.number());
            one.put("runs", state.number() == running);
            one.put("when", state.when().toString());
            one.put(
                    "relays",
                    LockReader.read(state.lock()).lock().of(state.host()).size());
            one.put("host", state.host());
            one.put("who", state.who());
            one.put("why", state.why());
            all.add(one);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("schema", 1);
        object.put("states", all);
        return Json.write(object);
    }
}
