package sallyport.supervisor.launch;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigKey;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.ConfigValues;

/// Which running process a verb is about, and how it answers.
final class ControlOption {
    @ArgGroup(multiplicity = "1")
    private Place place = new Place();

    @Option(names = "--json", description = "Prints the answer of the control socket, one JSON object.")
    private boolean json;

    private static final class Place {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The configuration file; only its data-directory is looked at.")
        private @Nullable Path config;

        @Option(
                names = "--data-directory",
                paramLabel = "DIRECTORY",
                description = "The data directory of the running process.")
        private @Nullable Path directory;
    }

    boolean json() {
        return json;
    }

    /// How the same place is named in another command.
    String argument() {
        return place.config == null ? "--data-directory " + place.directory : "--config " + place.config;
    }

    /// Whether [#argument] is one of `run`, too.
    boolean namesConfiguration() {
        return place.config != null;
    }

    /// @throws BadConfiguration where the file cannot be read; what else is wrong with it does not matter
    Path dataDirectory() throws BadConfiguration {
        if (place.config == null) {
            return place.directory == null ? Path.of("") : place.directory.toAbsolutePath();
        }
        ConfigValues values = new ConfigReader().values(place.config);
        String directory = values.places(ConfigKey.named("data-directory").getFirst())
                .getFirst()
                .text();
        return Path.of(directory == null ? "" : directory);
    }
}
