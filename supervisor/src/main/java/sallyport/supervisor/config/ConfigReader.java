package sallyport.supervisor.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.StatisticsSpec;

/// Reads a configuration file into a [FleetSpec], or says everything that is wrong with it. Writes nothing.
public final class ConfigReader {
    // Sorted, without places and comments: equal for files that mean the same.
    private static final ConfigRenderOptions WHOLE = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(false)
            .setFormatted(true);

    private final DataDirectory dataDirectory;
    private final ReadingProgress progress;

    public ConfigReader() {
        this(DataDirectory.ON_DISK);
    }

    /// @param dataDirectory judges the data directory; tests of example files accept any
    public ConfigReader(DataDirectory dataDirectory) {
        this(dataDirectory, ReadingProgress.NOBODY);
    }

    public ConfigReader(ReadingProgress progress) {
        this(DataDirectory.ON_DISK, progress);
    }

    private ConfigReader(DataDirectory dataDirectory, ReadingProgress progress) {
        this.dataDirectory = dataDirectory;
        this.progress = progress;
    }

    /// The relays of a file; of one with pools those of all its hosts.
    /// @throws BadConfiguration with all problems
    public FleetSpec read(Path file) throws BadConfiguration {
        return read(file, HostChoice.ANY).spec();
    }

    /// @param host which of the hosts of a file with pools is meant
    /// @throws BadConfiguration with all problems
    public FleetReading read(Path file, HostChoice host) throws BadConfiguration {
        Path absolute = file.toAbsolutePath().normalize();
        Problems problems = new Problems(file.toString(), absolute.toString());
        Config config = parse(absolute, problems);
        FleetReading reading =
                config == null ? null : fleet(new Section("", config.root(), problems), file, host, problems);
        if (reading == null || !problems.isEmpty()) {
            throw new BadConfiguration(problems.sorted());
        }
        return reading;
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

    private @Nullable FleetReading fleet(Section file, Path path, HostChoice choice, Problems problems) {
        Path directory = DataDirectory.read(file, dataDirectory);
        NetworkReader.Reading network = NetworkReader.read(file);
        ProcessReader.Reading process = ProcessReader.read(file, network.testing());
        FamilySpec family = FamilyReader.read(file);
        StatisticsSpec statistics = StatisticsReader.read(file, network.testing());
        boolean pooled = FleetSections.isIn(file);
        FleetSections.NAMES.forEach(file::optional);
        PooledReader.Reading fleet = pooled
                ? new PooledReader(network.testing(), family, statistics, problems, progress)
                        .read(
                                file,
                                path,
                                directory,
                                process.process().resolver().servers())
                : null;
        List<InstanceSpec> relays = fleet == null
                ? relays(file, network.testing(), family, statistics, problems)
                : fleet.relays().stream().map(PooledReader.Relay::spec).toList();
        int wished = fleet == null ? wished(file) : fleet.wished();
        FamilyReader.checkSize(file, family, wished);
        SharingReader.check(
                file, process.process().sharing(), fleet == null ? wished : fleet.mostOnOneHost(), problems);
        String host = fleet == null ? "" : choice.choose(fleet.hosts(), problems);
        Notes.ofFile(file);
        file.finish();
        if (directory == null || network.network() == null || !problems.isEmpty()) {
            return null;
        }
        FleetSpec spec = new FleetSpec(directory, network.network(), process.process(), process.run(), relays);
        return fleet == null
                ? new FleetReading(spec, effective(file, relays, problems), Optional.empty())
                : pooled(
                        spec.during(fleet.campaigns()),
                        fleet,
                        host,
                        family,
                        file.object().render(WHOLE));
    }

    private static FleetReading pooled(
            FleetSpec all, PooledReader.Reading fleet, String host, FamilySpec family, String text) {
        NavigableMap<String, FleetSpec> specs = new TreeMap<>();
        for (String name : fleet.hosts()) {
            FamilySpec ours = fleet.familyOn(name, family);
            specs.put(
                    name,
                    all.runAs(all.run().applying(fleet.apply()))
                            .withRelays(fleet.relays().stream()
                                    .filter(relay -> relay.host().equals(name))
                                    .map(relay -> relay.spec().ofFamily(ours))
                                    .toList()));
        }
        PooledFleet pooled =
                new PooledFleet(host, specs, fleet.lock(), fleet.before(), fleet.lockFile(), fleet.effective(), text);
        FleetSpec spec = specs.getOrDefault(host, all);
        return new FleetReading(spec, fleet.effective(), Optional.of(pooled));
    }

    private static List<EffectiveRelay> effective(Section file, List<InstanceSpec> relays, Problems problems) {
        List<EffectiveRelay> effective = new ArrayList<>();
        if (file.object().get("relays") instanceof ConfigList sections) {
            for (int i = 0; i < Math.min(sections.size(), relays.size()); i++) {
                if (sections.get(i) instanceof ConfigObject relay) {
                    effective.add(EffectiveRelay.of(
                            relays.get(i).id(),
                            "",
                            relay.withoutKey(Notes.KEY),
                            Notes.ofRelays(new Section("", relay, problems), ""),
                            problems));
                }
            }
        }
        return effective;
    }

    /// How many relays the file names, good or not.
    private static int wished(Section file) {
        return file.object().get("relays") instanceof ConfigList relays ? relays.size() : 1;
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
