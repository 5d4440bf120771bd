package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import sallyport.engine.identity.OfflineKeys;

/// `--keys DIR` and `--days N`, shared by the verbs that make keys where the master secret is.
final class KeysOption {
    private static final int DAYS_MAX = 3_650;

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            required = true,
            description = "The directory of the key files, such as DATA-DIRECTORY/relays/ID/keys.")
    private Path directory = Path.of("");

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "30",
            description = "How long the signing key is certified: 1 to 3650 days (default 30).")
    private int days = 30;

    @Option(names = "--json", description = "Prints one JSON object instead of text.")
    private boolean json;

    Path directory() {
        return directory;
    }

    Duration lifetime(CommandLine verb) {
        if (days < 1 || days > DAYS_MAX) {
            throw new ParameterException(verb, "--days must be 1 to " + DAYS_MAX);
        }
        return Duration.ofDays(days);
    }

    /// What an operator wants to know of keys just made.
    void show(OfflineKeys.Made made, PrintWriter out) {
        if (json) {
            new JsonAnswer()
                    .with("fingerprint", made.fingerprint().isEmpty() ? null : made.fingerprint())
                    .with("ed25519", made.ed25519())
                    .with("signing_key_expires", made.expires())
                    .print(out);
            return;
        }
        if (!made.fingerprint().isEmpty()) {
            out.println("fingerprint " + made.fingerprint());
        }
        out.println("ed25519 " + made.ed25519());
        out.println("signing key valid until " + made.expires());
    }
}
