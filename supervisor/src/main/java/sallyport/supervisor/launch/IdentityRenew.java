package sallyport.supervisor.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.OfflineKeys;

/// `sallyport identity renew`, as `tor --keygen`.
@Command(
        name = "renew",
        description = {
            "Makes a new signing key where the master key is.",
            "Copy ed25519_signing_secret_key and ed25519_signing_cert to the relay, and send it SIGHUP."
        },
        footer = {"", "Example: sallyport identity renew --keys safe/relays/exits-1/keys --days 90"},
        mixinStandardHelpOptions = true)
final class IdentityRenew implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private KeysOption keys = new KeysOption();

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Override
    public Integer call() {
        KeyPlace place = KeyPlace.of(keys.directory(), spec.commandLine());
        try (var world = place.open(spec.commandLine().getErr())) {
            OfflineKeys offline = new OfflineKeys(world.storage(), place.name(), world.entropy(), world.clock());
            Duration lifetime = keys.lifetime(spec.commandLine());
            keys.show(offline.renew(this::ask, lifetime), spec.commandLine().getOut());
            return ExitCode.OK;
        } catch (KeyFileException | IOException | UncheckedIOException e) {
            spec.commandLine().getErr().println(Failure.text(e));
            return ExitCode.ERROR;
        }
    }

    private byte[] ask() {
        try {
            return passphrase.read(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
