package sallyport.supervisor.launch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.engine.world.Log;

/// `sallyport log LEVEL`: has a running process log more, or less, for a while.
@Command(
        name = "log",
        description = "Changes what the log of the running process holds, for a while; then it falls back by itself.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: sallyport log debug --room circuit --for 300 --config fleet.conf"})
final class LogVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ControlOption control = new ControlOption();

    @Parameters(paramLabel = "LEVEL", description = "error, warn, info or debug.")
    private Log.Level level = Log.Level.INFO;

    @Option(
            names = "--room",
            paramLabel = "ROOM",
            description = "Only lines of this room of the program, as circuit (docs/ARCHITECTURE.md).")
    private @Nullable String room;

    @Option(
            names = "--for",
            paramLabel = "SECONDS",
            description = "For how long, an hour at most; 600 where nothing is said.")
    private @Nullable Long seconds;

    @Override
    public Integer call() {
        Map<String, @Nullable Object> more = new LinkedHashMap<>();
        more.put("level", level.name().toLowerCase(Locale.ROOT));
        if (room != null) {
            more.put("room", room);
        }
        if (seconds != null) {
            more.put("for_seconds", seconds);
        }
        return new ControlCall(
                        control, spec.commandLine().getOut(), spec.commandLine().getErr())
                .ask("log", more, answer -> List.of(answer.text("done")));
    }
}
