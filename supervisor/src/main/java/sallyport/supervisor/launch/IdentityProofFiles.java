package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.contact.ProofFiles;

/// `sallyport identity proof-files`.
@Command(
        name = "proof-files",
        description = "Writes the files that prove contact.url: rsa-fingerprint.txt and ed25519-master-pubkey.txt "
                + "with the relays of a configuration, ed25519-family-id.txt with their families. Publish "
                + "them, as text/plain, below https://YOUR-SITE/.well-known/tor-relay/. Refuses a directory "
                + "that holds what looks like a secret key.",
        footer = {
            "",
            "Example: sallyport identity proof-files --directory site/.well-known/tor-relay --config fleet.conf"
        },
        mixinStandardHelpOptions = true)
final class IdentityProofFiles implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--directory", paramLabel = "DIR", required = true, description = "Where to write them.")
    private Path directory = Path.of("");

    @Option(names = "--json", description = "Prints one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Optional<FleetSpec> fleet = config.read(err);
        if (fleet.isEmpty()) {
            return ExitCode.ERROR;
        }
        try {
            List<Path> secrets = ProofFiles.secretsIn(directory);
            if (!secrets.isEmpty()) {
                secrets.forEach(file -> err.println(file + ": looks like a secret key; if it was ever published, make"
                        + " a new key in its place. Move it away"));
                err.println("nothing was written");
                return ExitCode.REFUSED;
            }
            return write(fleet.get(), err);
        } catch (IOException e) {
            err.println(Failure.text(e));
            return ExitCode.ERROR;
        }
    }

    /// A list that names only some of the relays would disown the others.
    private int write(FleetSpec fleet, PrintWriter err) throws IOException {
        FleetIdentities identities = FleetIdentities.read(fleet, err, config.progress());
        List<ShownIdentity> relays = identities.relays();
        if (relays.size() < fleet.relays().size()) {
            err.println("nothing was written");
            return ExitCode.ERROR;
        }
        ProofFiles files = new ProofFiles(
                relays.stream().map(ShownIdentity::fingerprint).toList(),
                relays.stream().map(ShownIdentity::ed25519).toList(),
                identities.families());
        PrintWriter out = spec.commandLine().getOut();
        List<String> written =
                files.write(directory).stream().map(Path::toString).toList();
        if (json) {
            new JsonAnswer().with("outcome", "ok").with("files", written).print(out);
        } else {
            written.forEach(out::println);
        }
        return ExitCode.OK;
    }
}
