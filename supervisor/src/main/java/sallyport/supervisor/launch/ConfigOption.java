package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetReading;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.HostChoice;

/// `--config FILE`, shared by the verbs that read a configuration.
final class ConfigOption {
    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file (HOCON).")
    private Path file = Path.of("");

    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Which host of a file with hosts is meant; without it the one named as this machine.")
    private String host = "";

    Path file() {
        return file;
    }

    /// What the operator said of the host; empty when nothing.
    String host() {
        return host;
    }

    /// The configuration of this host, or nothing after all problems were printed.
    Optional<FleetSpec> read(PrintWriter err) {
        return read(err, true).map(FleetReading::spec);
    }

    /// @param hostNeeded whether it has to be known which host of a file with hosts is meant
    Optional<FleetReading> read(PrintWriter err, boolean hostNeeded) {
        try {
            return Optional.of(read(hostNeeded));
        } catch (BadConfiguration e) {
            e.report().forEach(err::println);
            return Optional.empty();
        }
    }

    /// The same, with all problems for whoever shows them otherwise.
    FleetReading read(boolean hostNeeded) throws BadConfiguration {
        return new ConfigReader().read(file, HostChoice.ofThisMachine(host, hostNeeded));
    }
}
