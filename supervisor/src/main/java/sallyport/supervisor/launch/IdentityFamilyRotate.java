package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.world.RealWorld;
import sallyport.engine.world.Storage;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.FleetSpec;

/// `sallyport identity family rotate`: a new family key in two phases, with a wait between.
@Command(
        name = "rotate",
        description = {
            "Changes the family key in two phases.",
            "rotate NAME makes a new key beside the old one and says what to do; days later rotate --finish takes the old"
                    + " one away. --status says how far it is."
        },
        footer = {
            "",
            "Exit codes: 0 done, or no rotation is on its way; 1 an error; 2 --status: something is left to do; 3 refused.",
            "Example: sallyport identity family rotate ours2027 --config fleet.conf"
        },
        mixinStandardHelpOptions = true)
final class IdentityFamilyRotate implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @ArgGroup(multiplicity = "1")
    private Phase phase = new Phase();

    @Option(names = "--override", description = "With --finish: even before the time that was set.")
    private boolean override;

    @Option(names = "--json", description = "Prints one JSON object instead of text.")
    private boolean json;

    /// What is asked for, one of the three.
    static final class Phase {
        @Parameters(paramLabel = "NAME", description = "Begins: the new key's name, 1 to 64 letters, digits, - and _.")
        private @Nullable String name;

        @Option(names = "--status", description = "Says how far it is.")
        private boolean status;

        @Option(names = "--finish", description = "Ends it: relays no longer show the old key.")
        private boolean finish;
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        if (phase.name != null && !phase.name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new ParameterException(spec.commandLine(), "NAME must be 1 to 64 letters, digits, - and _");
        }
        Optional<FleetReading> reading = config.read(err, true);
        if (reading.isEmpty()) {
            return ExitCode.ERROR;
        }
        FleetSpec fleet = reading.get().spec();
        try (RealWorld world = new RealWorld(fleet.dataDirectory(), 1, (_, _, text) -> err.println(text))) {
            Optional<FamilyRotation> job = FamilyRotation.in(world.storage());
            if (phase.name != null) {
                return begin(phase.name, reading.get(), world, job);
            }
            if (job.isEmpty()) {
                say(new JsonAnswer().with("rotation", null), "no rotation is on its way");
                return phase.finish ? ExitCode.REFUSED : ExitCode.OK;
            }
            return phase.status
                    ? status(job.get(), reading.get(), world.clock().instant())
                    : finish(job.get(), fleet, world);
        } catch (IOException | KeyFileException e) {
            err.println(Failure.text(e));
            return ExitCode.ERROR;
        }
    }

    private int begin(String name, FleetReading reading, RealWorld world, Optional<FamilyRotation> job)
            throws IOException, KeyFileException {
        if (job.isPresent()) {
            return refuse("a rotation to " + job.get().name() + " is on its way; see --status");
        }
        Storage storage = world.storage();
        List<String> old = shown(reading.spec(), storage);
        if (old.isEmpty()) {
            return refuse("the relays show no family key yet; make the first with `sallyport identity family-keygen`");
        }
        String id = FamilyKeys.create(storage, FamilyKeys.SHARED_DIRECTORY, name, world.entropy());
        Instant now = world.clock().instant();
        FamilyRotation begun = new FamilyRotation(name, id, old, now, now.plus(FamilyRotation.WAIT));
        begun.write(storage);
        if (json) {
            object(begun, reading, now).print(spec.commandLine().getOut());
        } else {
            spec.commandLine().getOut().println("made " + name + ", family id " + id);
            tell(begun, reading);
        }
        return ExitCode.OK;
    }

    private int status(FamilyRotation job, FleetReading reading, Instant now) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            object(job, reading, now).print(out);
            return ExitCode.FINDINGS;
        }
        out.println("rotation to " + job.name() + ", family id " + job.newId() + ", begun " + job.begun());
        out.println("until then: " + String.join(", ", job.oldIds()));
        if (job.isTooEarly(now)) {
            tell(job, reading);
        } else {
            out.println("the wait is over: sallyport identity family rotate --finish");
        }
        return ExitCode.FINDINGS;
    }

    /// The configuration has to show the new key before the old one goes, or the relays would be of no
    /// family.
    private int finish(FamilyRotation job, FleetSpec fleet, RealWorld world) throws IOException, KeyFileException {
        if (job.isTooEarly(world.clock().instant()) && !override) {
            return refuse("too early: clients may still know the old key alone until " + job.notBefore()
                    + "; --override does it all the same");
        }
        boolean all = showsAll(fleet);
        for (InstanceSpec relay : fleet.relays()) {
            List<String> ids = relay.family().ids();
            if (!all && !ids.contains(job.newId())) {
                return refuse("family.ids does not name the new key " + job.newId() + "; add it, apply, and wait");
            }
            if (!all && ids.stream().anyMatch(job.oldIds()::contains)) {
                return refuse("family.ids still names an old key; leave " + job.newId() + " alone there, and apply");
            }
        }
        if (!keysIn(world.storage()).contains(job.newId())) {
            return refuse("the file of the new key is no longer in " + FamilyKeys.SHARED_DIRECTORY);
        }
        List<String> retired =
                RetiredFamilyKeys.retire(fleet.dataDirectory().resolve(FamilyKeys.SHARED_DIRECTORY), job.oldIds());
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            retired.forEach(file -> out.println("moved to " + file + "; destroy it when every host has finished"));
        }
        if (keysIn(world.storage()).stream().anyMatch(job.oldIds()::contains)) {
            spec.commandLine()
                    .getErr()
                    .println("a file of the old key without its .public_family_id is still in "
                            + FamilyKeys.SHARED_DIRECTORY + "; move it away, and say --finish again");
            return ExitCode.ERROR;
        }
        FamilyRotation.remove(world.storage());
        if (json) {
            new JsonAnswer()
                    .with("rotation", null)
                    .with("retired", retired.stream().map(String::valueOf).toList())
                    .print(out);
            return ExitCode.OK;
        }
        out.println("1. on every other host move the files of the old key out of family-keys");
        out.println("2. apply, or send SIGHUP, on every host");
        out.println("3. drop the old id from your site's ed25519-family-id.txt: sallyport identity proof-files");
        return ExitCode.OK;
    }

    private void tell(FamilyRotation job, FleetReading reading) {
        steps(job, reading).forEach(spec.commandLine().getOut()::println);
    }

    private static List<String> steps(FamilyRotation job, FleetReading reading) {
        List<String> others = reading.fleet().stream()
                .flatMap(fleet -> fleet.specs().keySet().stream().filter(host -> !host.equals(fleet.host())))
                .toList();
        return job.steps(reading.spec().dataDirectory().toString(), others, showsAll(reading.spec()));
    }

    private static JsonAnswer object(FamilyRotation job, FleetReading reading, Instant now) {
        return new JsonAnswer()
                .with("rotation", job.name())
                .with("family_id", job.newId())
                .with("old_family_ids", job.oldIds())
                .with("begun", job.begun())
                .with("not_before", job.notBefore())
                .with("steps", job.isTooEarly(now) ? steps(job, reading) : List.of());
    }

    private void say(JsonAnswer answer, String text) {
        if (json) {
            answer.print(spec.commandLine().getOut());
        } else {
            spec.commandLine().getOut().println(text);
        }
    }

    private static List<String> keysIn(Storage storage) throws KeyFileException {
        return FamilyKeys.read(storage, List.of(FamilyKeys.SHARED_DIRECTORY), List.of(FamilyKeys.ALL))
                .ids();
    }

    private static boolean showsAll(FleetSpec fleet) {
        return fleet.relays().stream().anyMatch(relay -> relay.family().ids().contains(FamilyKeys.ALL));
    }

    private static List<String> shown(FleetSpec fleet, Storage storage) throws KeyFileException {
        TreeSet<String> ids = new TreeSet<>();
        for (InstanceSpec relay : fleet.relays()) {
            ids.addAll(FamilyKeys.read(
                            storage,
                            List.of(FamilyKeys.SHARED_DIRECTORY),
                            relay.family().ids())
                    .ids());
        }
        return List.copyOf(ids);
    }

    private int refuse(String why) {
        spec.commandLine().getErr().println("refused: " + why);
        return ExitCode.REFUSED;
    }
}
