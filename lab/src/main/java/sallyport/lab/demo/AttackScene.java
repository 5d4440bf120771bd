package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import sallyport.lab.client.LabClient;
import sallyport.lab.hostile.CircuitFlood;
import sallyport.lab.hostile.RelayFacts;
import sallyport.lab.load.Mix;
import sallyport.lab.overload.Phase;
import sallyport.lab.overload.SlowReaders;
import sallyport.lab.overload.Watch;

/// A flood of circuits at one exit and slow readers on another, and what the users of the others notice.
final class AttackScene implements Scene {
    /// The flooded one, the one read slowly, and one for users.
    static final int EXITS_MIN = 3;

    // Ours: what two addresses may ask for before they are refused, several times over.
    private static final double CIRCUITS_PER_SECOND = 200;
    private static final int ATTACKER_ADDRESSES = 2;
    private static final int SLOW_READERS = 20;
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private final Mix mix;
    private final Duration phase;

    /// @param phase how long users are watched before, during and after the attack
    AttackScene(Mix mix, Duration phase) {
        this.mix = mix;
        this.phase = phase;
    }

    @Override
    public boolean play(Stage stage, PrintWriter out) throws IOException, InterruptedException {
        Stage.Exit flooded = stage.exits().getFirst();
        Stage.Exit slow = stage.exits().get(1);
        List<Stage.Exit> others = stage.exits().subList(2, stage.exits().size());
        Progress progress = stage.progress();
        progress.step("users of " + names(others) + " get ready");
        try (Users users = Users.join(stage)) {
            Meter meter = new Meter(stage.dataDirectory());
            List<LabClient> victims = users.through(List.of(slow));
            Watch watch = new Watch(
                    stage.sallyport(),
                    users.through(others),
                    mix,
                    phase,
                    users.far().address(),
                    Stage.SITE);
            progress.step("users of " + names(others) + ", and no attack yet");
            Phase calm = watch.phase("calm");
            SlowReaders readers = new SlowReaders();
            readers.start(victims, SLOW_READERS, stage.site().address());
            Phase attack;
            try (CircuitFlood flood = CircuitFlood.start(
                    RelayFacts.ofDescriptor(stage.descriptor(flooded)), attackers(stage), CIRCUITS_PER_SECOND)) {
                progress.step((int) CIRCUITS_PER_SECOND + " circuits a second asked of " + flooded.name() + ", "
                        + SLOW_READERS + " slow readers on " + slow.name());
                Thread.sleep(SETTLE);
                meter.look();
                attack = watch.phase("attack");
                progress.print(out, "During the attack:");
                out.println(Meter.TITLE);
                meter.look().forEach(out::println);
                out.println(flooded.name() + ": asked for " + flood.sent() + " circuits, made " + flood.created()
                        + ", refused " + flood.refused());
                out.println(
                        slow.name() + ": " + readers.open() + " of " + SLOW_READERS + " slow readers are connected");
                out.flush();
            }
            victims.forEach(LabClient::close);
            progress.step("the attack is over");
            Phase afterwards = watch.phase("afterwards");
            progress.print(out, "");
            out.println("Users of " + names(others) + ", the same in each phase (times in ms):");
            out.println(Phase.TITLE);
            List.of(calm, attack, afterwards).forEach(out::println);
            out.println(String.format(
                    Locale.ROOT,
                    "under attack: %.0f %% of the throughput, circuits' 99th percentile %.1f times",
                    100 * attack.mebibytesPerSecond() / calm.mebibytesPerSecond(),
                    attack.buildMillis(99) / calm.buildMillis(99)));
            return List.of(calm, attack, afterwards).stream()
                    .allMatch(each -> each.report().isClean());
        }
    }

    private static String names(List<Stage.Exit> exits) {
        String first = exits.getFirst().name();
        return exits.size() == 1 ? first : first + " to " + exits.getLast().name();
    }

    private static List<InetAddress> attackers(Stage stage) {
        return Stream.generate(() -> stage.network().freshAddress())
                .limit(ATTACKER_ADDRESSES)
                .map(InetAddress::ofLiteral)
                .toList();
    }
}
