package sallyport.lab.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `sallyport demo [--exits N] [--duration TIME]`, and its performances `load`, `attack` and `break`.
///
/// Progress goes to stderr, results to stdout. On a terminal the network stays up until Ctrl-C or for the
/// duration; without one it ends after the fetches, unless a duration was named.
@Command(
        name = "demo",
        description = {
            "Shows Sallyport at work in a private Tor network on this machine: three authorities, three relays and a"
                    + " client, of C tor or of our own, and exits of ours. Nothing leaves the machine, nothing stays"
                    + " behind.",
            "Alone it fetches a page through each exit, and on a terminal leaves the network open to try."
                    + " Ends with 0 only if every fetch was byte-exact."
        },
        subcommands = {DemoLoad.class, DemoAttack.class, DemoBreak.class},
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    // Ours: somebody who leaves a terminal open over night finds the machine as it was.
    private static final Duration OPEN_MAX = Duration.ofHours(12);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StageOptions stage = new StageOptions();

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "How long the SOCKS port stays open after the fetches, for example 90s, 10m or 2h;"
                    + " without it until Ctrl-C, or not at all where there is no terminal.")
    private @Nullable Duration duration;

    @Override
    public Integer call() throws InterruptedException {
        boolean isTerminal = StageOptions.isTerminal();
        Duration open = duration != null ? duration : isTerminal ? OPEN_MAX : Duration.ZERO;
        List<Scene> scenes = new ArrayList<>(List.of(new Fetches()));
        if (!open.isZero()) {
            scenes.add(new OpenHouse(open, isTerminal));
        }
        return stage.perform(spec, 1, Stage.Front.NOTHING, open, scenes);
    }
}
