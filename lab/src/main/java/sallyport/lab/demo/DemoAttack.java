package sallyport.lab.demo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.lab.load.Mix;

/// `sallyport demo attack`.
@Command(
        name = "attack",
        description = {
            "Floods one exit of a fresh private network with circuits, has slow readers on a second one, and shows what"
                    + " the users of the others notice. Ends with 0 only if every one of them was served.",
            "Example: sallyport demo attack --exits 5 --for 30s"
        },
        mixinStandardHelpOptions = true)
final class DemoAttack implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StageOptions stage = new StageOptions();

    @Option(
            names = "--mix",
            paramLabel = "PROFILE=RATE,...",
            converter = MixOption.class,
            defaultValue = "web=1,chat=2",
            description =
                    "Who comes to the exits that are left in peace, and how many of them a second; ${DEFAULT-VALUE} by default.")
    private Mix mix = Mix.NONE;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationOption.class,
            defaultValue = "20s",
            description = "How long they come before, during and after the attack; ${DEFAULT-VALUE} by default.")
    private Duration duration = Duration.ZERO;

    @Override
    public Integer call() throws InterruptedException {
        return stage.perform(
                spec,
                AttackScene.EXITS_MIN,
                Stage.Front.NOTHING,
                duration.multipliedBy(3),
                List.of(new AttackScene(mix, duration)));
    }
}
