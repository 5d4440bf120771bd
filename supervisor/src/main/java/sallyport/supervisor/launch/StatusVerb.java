package sallyport.supervisor.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sallyport.supervisor.screen.Fields;
import sallyport.supervisor.screen.RelayTable;
import sallyport.supervisor.screen.StatusScreen;

/// `sallyport status`: the running process and its relays, once.
@Command(
        name = "status",
        description = "Shows what the running process and its relays do.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 all is well, 1 error, also where nothing runs, 2 something should be looked at.",
            "Example: sallyport status --config fleet.conf",
            "Example: sallyport status --config fleet.conf --json | jq '.relays[] | select(.state != \"published\")'"
        })
final class StatusVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ControlOption control = new ControlOption();

    @Override
    public Integer call() {
        return new ControlCall(
                        control, spec.commandLine().getOut(), spec.commandLine().getErr())
                .ask("status", Map.of(), this::screen);
    }

    private List<String> screen(Fields status) {
        List<String> lines = new ArrayList<>(StatusScreen.head(status));
        lines.addAll(RelayTable.lines(status));
        lines.add("");
        List<String> findings = StatusScreen.findings(status);
        lines.addAll(findings.isEmpty() ? RelayTable.legend() : findings);
        String first = findings.isEmpty() ? "RELAY" : findings.getFirst().replaceAll("^! |:.*", "");
        lines.add("next: sallyport relay show " + first + " " + control.argument());
        return lines;
    }
}
