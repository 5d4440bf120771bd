package sallyport.lab.demo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `sallyport demo break`.
@Command(
        name = "break",
        description = {
            "Breaks things in a fresh private network, one after the other, and mends them: stops an exit, has the name"
                    + " server fail, cuts an exit's address. Shows what a client notices each time, and that the users"
                    + " of another exit of the same process notice nothing.",
            "Ends with 0 only if all came back and no user of the other exit was harmed."
        },
        mixinStandardHelpOptions = true)
final class DemoBreak implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StageOptions stage = new StageOptions();

    @Override
    public Integer call() throws InterruptedException {
        return stage.perform(
                spec, BreakScene.EXITS_MIN, Stage.Front.FORWARDER, Duration.ZERO, List.of(new BreakScene()));
    }
}
