package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetSpec;

/// `--config FILE`, shared by the verbs that read a configuration.
final class ConfigOption {
    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file (HOCON).")
    private Path file = Path.of("");

    Path file() {
        return file;
    }

    /// The configuration, or nothing after all problems were printed.
    Optional<FleetSpec> read(PrintWriter err) {
        try {
            return Optional.of(new ConfigReader().read(file));
        } catch (BadConfiguration e) {
            e.report().forEach(err::println);
            return Optional.empty();
        }
    }
}
