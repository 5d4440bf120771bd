package sallyport.supervisor.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.OfflineKeys;

/// `sallyport identity keygen`, as `tor --keygen`.
@Command(
        name = "keygen",
        description = {
            "Makes the identity of a new relay, with the master key encrypted, and its first signing key.",
            "The relay needs all files except ed25519_master_id_secret_key_encrypted."
        },
        footer = {"", "Example: sallyport identity keygen --keys safe/relays/exits-1/keys --days 90"},
        mixinStandardHelpOptions = true)
final class IdentityKeygen implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private KeysOption keys = new KeysOption();

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Option(names = "--no-passphrase", description = "Leaves the master key unencrypted.")
    private boolean plain;

    @Option(
            names = "--no-scrypt",
            description = "Encrypts with PBKDF2, for a tor that was built without libscrypt (Debian's).")
    private boolean noScrypt;

    @Override
    public Integer call() {
        KeyPlace place = KeyPlace.of(keys.directory(), spec.commandLine());
        try (var world = place.open(spec.commandLine().getErr())) {
            OfflineKeys offline = new OfflineKeys(world.storage(), place.name(), world.entropy(), world.clock());
            Duration lifetime = keys.lifetime(spec.commandLine());
            byte[] secret = plain ? new byte[0] : passphrase.read(true);
            keys.show(
                    offline.create(secret, noScrypt, lifetime),
                    spec.commandLine().getOut());
            return ExitCode.OK;
        } catch (KeyFileException | IOException e) {
            spec.commandLine().getErr().println(Failure.text(e));
            return ExitCode.ERROR;
        }
    }
}
