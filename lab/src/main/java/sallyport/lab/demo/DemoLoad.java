package sallyport.lab.demo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `sallyport demo load`.
@Command(
        name = "load",
        description = {
            "Sends users through the client of a fresh private network, shows what moves through each exit meanwhile,"
                    + " and how long the users waited. Ends with 0 only if every one of them was served.",
            "Example: sallyport demo load --mix web=3,chat=5,bulk=0.2 --for 60s"
        },
        mixinStandardHelpOptions = true)
final class DemoLoad implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StageOptions stage = new StageOptions();

    @Mixin
    private UsersOptions users = new UsersOptions("web=2,chat=4,resolve=2", "30s");

    @Override
    public Integer call() throws InterruptedException {
        Duration duration = users.duration(spec);
        return stage.perform(spec, 1, Stage.Front.NOTHING, duration, List.of(new LoadScene(users.mix(spec), duration)));
    }
}
