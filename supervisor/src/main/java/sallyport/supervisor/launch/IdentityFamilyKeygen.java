package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.engine.identity.FamilyKeys;
import sallyport.engine.identity.KeyFileException;

/// `sallyport identity family-keygen`, as `tor --keygen-family`.
@Command(
        name = "family-keygen",
        description = {
            "Makes a family key: NAME.secret_family_key and NAME.public_family_id.",
            "Every member of the family gets a copy of the secret file."
        },
        footer = {"", "Example: sallyport identity family-keygen --directory /var/lib/sallyport/family-keys ours"},
        mixinStandardHelpOptions = true)
final class IdentityFamilyKeygen implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            required = true,
            description = "Where to write: DATA-DIRECTORY/family-keys, for all relays of a process.")
    private Path directory = Path.of("");

    @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits, - and _; it names the files.")
    private String name = "";

    @Option(names = "--json", description = "Prints one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new ParameterException(spec.commandLine(), "NAME must be 1 to 64 letters, digits, - and _");
        }
        KeyPlace place = KeyPlace.of(directory, spec.commandLine());
        try (var world = place.open(spec.commandLine().getErr())) {
            String id = FamilyKeys.create(world.storage(), place.name(), name, world.entropy());
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                new JsonAnswer().with("name", name).with("family_id", id).print(out);
            } else {
                out.println("family.ids = [\"" + id + "\"]");
            }
            return ExitCode.OK;
        } catch (KeyFileException e) {
            spec.commandLine().getErr().println(Failure.text(e));
            return ExitCode.ERROR;
        }
    }
}
