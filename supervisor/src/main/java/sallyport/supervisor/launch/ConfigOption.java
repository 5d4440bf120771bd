package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
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

    @Spec(Spec.Target.MIXEE)
    private CommandSpec verb = CommandSpec.create();

    private @Nullable Progress progress;

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
        return reader().read(file, HostChoice.ofThisMachine(host, hostNeeded));
    }

    /// One that says how far it is.
    ConfigReader reader() {
        return new ConfigReader((read, relays) -> progress().at("relays read", read, relays));
    }

    /// Of the verb, from its first use on.
    Progress progress() {
        Progress known = progress;
        if (known == null) {
            known = Progress.of(verb);
            progress = known;
        }
        return known;
    }
}
