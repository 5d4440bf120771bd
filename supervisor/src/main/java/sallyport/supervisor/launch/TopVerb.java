package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.supervisor.admin.ControlClient;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.screen.Fields;
import sallyport.supervisor.screen.LiveScreen;
import sallyport.supervisor.screen.RelayTable;
import sallyport.supervisor.screen.StatusScreen;
import sallyport.supervisor.screen.Terminal;

/// `sallyport top`: the running process, again and again, the busiest relays first.
@Command(
        name = "top",
        description = "Shows the running process live, the busiest relays first; q ends it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Only what changes is drawn anew. Without a terminal it shows one picture, as --once does.",
            "Example: sallyport top --config fleet.conf --every 5"
        })
final class TopVerb implements Callable<Integer> {
    private static final int KEY_LOOK_MILLIS = 100;
    private static final int MILLIS = 1000;
    // The relays shall be seen as well.
    private static final int FINDINGS_MAX = 6;
    // What comes between two pictures of --once, so that there are rates to show.
    private static final int ONCE_MILLIS = 1500;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ControlOption control = new ControlOption();

    @Option(names = "--once", description = "Shows one picture and ends.")
    private boolean once;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How often it looks, 1 to 50 (default 2).")
    private int seconds;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ControlCall call = new ControlCall(control, out, spec.commandLine().getErr());
        try (ControlClient client = call.connect()) {
            if (once || control.json()) {
                return once(client, out);
            }
            try (Terminal terminal = Terminal.open()) {
                return live(client, out, terminal);
            } catch (Terminal.Missing e) {
                return once(client, out);
            }
        } catch (BadConfiguration e) {
            e.report().forEach(spec.commandLine().getErr()::println);
            return ExitCode.ERROR;
        } catch (IOException e) {
            return call.failed(e);
        }
    }

    private int once(ControlClient client, PrintWriter out) throws IOException, InterruptedException {
        client.ask("status", Map.of());
        Thread.sleep(ONCE_MILLIS);
        var answer = client.ask("status", Map.of());
        if (control.json()) {
            out.println(ControlClient.text(answer));
        } else {
            picture(new Fields(answer)).forEach(out::println);
        }
        return ControlClient.outcome(answer).exitCode();
    }

    private int live(ControlClient client, PrintWriter out, Terminal terminal)
            throws IOException, InterruptedException {
        int everyMillis = Math.clamp(seconds, 1, 50) * MILLIS;
        LiveScreen screen = new LiveScreen(out);
        screen.open();
        try {
            while (true) {
                screen.draw(picture(new Fields(client.ask("status", Map.of()))), terminal.rows() - 1);
                for (int waited = 0; waited < everyMillis; waited += KEY_LOOK_MILLIS) {
                    int key = terminal.key();
                    if (key == 'q' || key == 'Q') {
                        return ExitCode.OK;
                    }
                    Thread.sleep(KEY_LOOK_MILLIS);
                }
            }
        } finally {
            screen.close();
        }
    }

    /// What should be looked at first, then the relays by what they carry.
    static List<String> picture(Fields status) {
        List<String> lines = new ArrayList<>(StatusScreen.head(status));
        List<String> findings = StatusScreen.findings(status);
        if (!findings.isEmpty()) {
            lines.addAll(findings.subList(0, Math.min(findings.size(), FINDINGS_MAX)));
            if (findings.size() > FINDINGS_MAX) {
                lines.add("! and " + (findings.size() - FINDINGS_MAX) + " more: sallyport status");
            }
            lines.add("");
        }
        lines.addAll(RelayTable.lines(
                status, Comparator.comparingLong(TopVerb::carried).reversed()));
        return lines;
    }

    private static long carried(Fields relay) {
        Fields load = relay.in("load");
        return load.number("read_bytes_per_second") + load.number("written_bytes_per_second");
    }
}
