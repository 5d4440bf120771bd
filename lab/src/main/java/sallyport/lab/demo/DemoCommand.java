package sallyport.lab.demo;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sallyport.lab.process.Programs;
import sallyport.supervisor.launch.ExitCode;

/// `sallyport demo [--exits N] [--duration TIME]`.
///
/// Progress goes to stderr, results to stdout. On a terminal the network stays up until Ctrl-C or for the duration;
/// without one it ends after the fetches, unless a duration was named.
@Command(
        name = "demo",
        description = {
            "Shows Sallyport at work in a private Tor network on this machine: three authorities, three relays and a"
                    + " client of C tor, and exits of ours. Nothing leaves the machine, nothing stays behind.",
            "Ends with 0 only if every fetch was byte-exact."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    // Ours: somebody who leaves a terminal open over night finds the machine as it was.
    private static final Duration OPEN_MAX = Duration.ofHours(12);

    // Ours: the addresses of loopback and the processor of a small machine bear as many.
    private static final int EXITS_MAX = 50;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--exits",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "How many exits of ours one process runs, 1 to " + EXITS_MAX + "; ${DEFAULT-VALUE} by default.")
    private int exits;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "How long the SOCKS port stays open after the fetches, for example 90s, 10m or 2h;"
                    + " without it until Ctrl-C, or not at all where there is no terminal.")
    private @Nullable Duration duration;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (exits < 1 || exits > EXITS_MAX) {
            throw new ParameterException(spec.commandLine(), "--exits takes 1 to " + EXITS_MAX);
        }
        Duration open = duration != null ? duration : isTerminal() ? OPEN_MAX : Duration.ZERO;
        try (Demo demo = new Demo(exits, out, err)) {
            demo.bringUp(open);
            boolean exact = demo.fetchThroughEachExit();
            demo.leaveOpen(open, duration == null);
            return exact ? ExitCode.OK : ExitCode.ERROR;
        } catch (Programs.Missing e) {
            err.println(e.getMessage());
            return ExitCode.ERROR;
        } catch (IOException e) {
            err.println("the demo failed: " + e.getMessage());
            return ExitCode.ERROR;
        }
    }

    @SuppressWarnings(
            "SystemConsoleNull") // JDK 25 is back to its own console, which is null where there is no terminal
    private static boolean isTerminal() {
        @Nullable Console console = System.console();
        return console != null && console.isTerminal();
    }
}
