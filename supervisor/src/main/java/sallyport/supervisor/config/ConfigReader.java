package sallyport.supervisor.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.StatisticsSpec;

/// Reads a configuration file into a [FleetSpec], or says everything that is wrong with it. Writes nothing.
public final class ConfigReader {
    private final DataDirectory dataDirectory;

    public ConfigReader() {
        this(DataDirectory.ON_DISK);
    }

    /// @param dataDirectory judges the data directory; tests of example files accept any
    public ConfigReader(DataDirectory dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    /// @throws BadConfiguration with all problems
    public FleetSpec read(Path file) throws BadConfiguration {
        Path absolute = file.toAbsolutePath().normalize();
        Problems problems = new Problems(file.toString(), absolute.toString());
        Config config = parse(absolute, problems);
        FleetSpec spec = config == null ? null : fleet(new Section("", config.root(), problems), problems);
        if (spec == null || !problems.isEmpty()) {
            throw new BadConfiguration(problems.sorted());
        }
        return spec;
    }

    /// What the file says, unjudged: a file that HOCON can read has values, however wrong.
    /// @throws BadConfiguration when HOCON cannot read it
    public ConfigValues values(Path file) throws BadConfiguration {
        Path absolute = file.toAbsolutePath().normalize();
        Problems problems = new Problems(file.toString(), absolute.toString());
        Config config = parse(absolute, problems);
        if (config == null) {
            throw new BadConfiguration(problems.sorted());
        }
        return new ConfigValues(config, problems);
    }

    private @Nullable FleetSpec fleet(Section file, Problems problems) {
        Path directory = DataDirectory.read(file, dataDirectory);
        NetworkReader.Reading network = NetworkReader.read(file);
        ProcessReader.Reading process = ProcessReader.read(file, network.testing());
        FamilySpec family = FamilyReader.read(file);
        StatisticsSpec statistics = StatisticsReader.read(file, network.testing());
        List<InstanceSpec> relays = relays(file, network.testing(), family, statistics, problems);
        FamilyReader.checkSize(file, family, relays.size());
        file.finish();
        if (directory == null || network.network() == null || !problems.isEmpty()) {
            return null;
        }
        return new FleetSpec(directory, network.network(), process.process(), process.run(), relays);
    }

    private static List<InstanceSpec> relays(
            Section file, boolean testing, FamilySpec family, StatisticsSpec statistics, Problems problems) {
        String example = "[ { nickname = \"...\", address = \"...\", or-port = 9001 } ]";
        Value value = file.required("relays", example);
        if (value == null) {
            return List.of();
        }
        List<Value> entries = value.list();
        if (entries.isEmpty()) {
            value.problem("is an empty list", "add a relay: " + example);
        }
        Taken taken = new Taken(problems);
        List<InstanceSpec> relays = new ArrayList<>();
        for (Value entry : entries) {
            InstanceSpec relay = RelayReader.read(entry, testing, family, statistics, entries.size(), taken);
            if (relay != null) {
                relays.add(relay);
            }
        }
        return relays;
    }

    private static @Nullable Config parse(Path file, Problems problems) {
        if (Files.isDirectory(file)) {
            problems.add(null, "", "is a directory", "name a configuration file");
            return null;
        }
        if (!Files.exists(file)) {
            problems.add(null, "", "does not exist", "name a configuration file; config/example.conf shows one");
            return null;
        }
        if (!Files.isReadable(file)) {
            String user = System.getProperty("user.name", "this user");
            problems.add(null, "", "cannot be read by " + user, "let " + user + " read it");
            return null;
        }
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setAllowMissing(false)
                .setSyntax(ConfigSyntax.CONF)
                .setIncluder(new FilesOnly());
        try {
            return ConfigFactory.parseFile(file.toFile(), options).resolve();
        } catch (ConfigException.UnresolvedSubstitution e) {
            problems.add(
                    e.origin(), "", withoutPlace(e), "define it in the file or in the environment, or use ${?...}");
        } catch (ConfigException.IO e) {
            problems.add(e.origin(), "", "cannot be read: " + withoutPlace(e), "check that the file is there");
        } catch (ConfigException.Generic e) { // thrown by FilesOnly
            problems.add(
                    e.origin(), "", withoutPlace(e), "include only files that are there, named from this one's place");
        } catch (ConfigException e) {
            problems.add(e.origin(), "", withoutPlace(e), "correct the syntax (HOCON: key = value, { }, [ ])");
        }
        return null;
    }

    /// The parser puts `FILE: LINE: ` before its message; we show the place ourselves.
    private static String withoutPlace(ConfigException e) {
        String message = String.valueOf(e.getMessage());
        String place = e.origin() == null ? "" : e.origin().description() + ": ";
        String what = message.startsWith(place) ? message.substring(place.length()) : message;
        // What the parser then guesses ("if you intended ...") may span lines of the file and misleads more than it
        // helps.
        int guess = what.indexOf(" (if you intended");
        return guess < 0 ? what : what.substring(0, guess);
    }
}
