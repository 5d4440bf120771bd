package sallyport.lab.demo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `sallyport demo attack`.
@Command(
        name = "attack",
        description = {
            "Floods one exit of a fresh private network with circuits, has slow readers on a second one, and shows what"
                    + " the users of the others notice. They come for the time of --for before it, during it and after it."
                    + " Ends with 0 only if every one of them was served.",
            "Example: sallyport demo attack --exits 5 --for 30s"
        },
        mixinStandardHelpOptions = true)
final class DemoAttack implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StageOptions stage = new StageOptions();

    @Mixin
    private UsersOptions users = new UsersOptions("web=1,chat=2", "20s");

    @Override
    public Integer call() throws InterruptedException {
        Duration duration = users.duration(spec);
        return stage.perform(
                spec,
                AttackScene.EXITS_MIN,
                Stage.Front.NOTHING,
                duration.multipliedBy(3),
                List.of(new AttackScene(users.mix(spec), duration)));
    }
}
