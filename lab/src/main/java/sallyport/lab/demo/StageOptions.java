package sallyport.lab.demo;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import sallyport.supervisor.launch.ExitCode;

/// What all performances of the demo may be told.
final class StageOptions {
    // Ours: the addresses of loopback and the processor of a small machine bear as many.
    private static final int EXITS_MAX = 50;

    @Option(
            names = "--exits",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "How many exits of ours one process runs, 1 to " + EXITS_MAX + "; ${DEFAULT-VALUE} by default.")
    private int exits;

    @Mixin
    private PeerOption peer = new PeerOption();

    /// Sets the stage, plays the scenes one after the other, and leaves nothing behind.
    ///
    /// @param exitsMin how many exits the scenes need
    /// @param open how long the stage stays after the scenes that end by themselves
    /// @return an exit code
    int perform(CommandSpec spec, int exitsMin, Stage.Front front, Duration open, List<Scene> scenes)
            throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (exits < exitsMin || exits > EXITS_MAX) {
            throw new ParameterException(spec.commandLine(), "--exits takes " + exitsMin + " to " + EXITS_MAX);
        }
        try (Progress progress = new Progress(err, isTerminal(), Stage.steps(exits) + exits)) {
            try (Stage stage = Stage.set(peer.chosen(), exits, front, open, progress)) {
                boolean good = true;
                for (Scene scene : scenes) {
                    good &= scene.play(stage, out);
                    out.flush();
                }
                return good ? ExitCode.OK : ExitCode.ERROR;
            } catch (IOException e) {
                progress.say(String.valueOf(e.getMessage()));
                return ExitCode.ERROR;
            }
        }
    }

    @SuppressWarnings(
            "SystemConsoleNull") // JDK 25 is back to its own console, which is null where there is no terminal
    static boolean isTerminal() {
        @Nullable Console console = System.console();
        return console != null && console.isTerminal();
    }
}
