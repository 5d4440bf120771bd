package sallyport.lab.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.directory.Authority;
import sallyport.supervisor.admin.ControlClient;

/// The relays of a running process of ours, to which a load is to go: as its control socket tells, and the
/// configuration that it runs by.
///
/// @param pid of the process
/// @param fingerprints of its relays, upper-case hex
/// @param authorities of their network, a private one
record RelaysUnderTest(long pid, Set<String> fingerprints, List<Authority> authorities) {
    /// Asks the process that runs by this configuration.
    ///
    /// @throws IOException says what is wrong
    static RelaysUnderTest byConfiguration(Path file) throws IOException {
        return byDataDirectory(Path.of(text(read(file), "data-directory", file)));
    }

    /// Asks the process that runs over this data directory.
    ///
    /// @throws IOException says what is wrong
    static RelaysUnderTest byDataDirectory(Path directory) throws IOException {
        Map<String, @Nullable Object> answer;
        try (ControlClient control = ControlClient.connect(directory)) {
            answer = control.ask("status", Map.of());
        }
        if (!(answer.get("process") instanceof Map<?, ?> process && answer.get("relays") instanceof List<?> relays)) {
            throw new IOException("the running sallyport does not say who it is");
        }
        if (!"testing".equals(process.get("network"))) {
            throw new IOException("these relays are in the public network: loads are for private ones");
        }
        Set<String> fingerprints = new TreeSet<>();
        for (Object relay : relays) {
            if (relay instanceof Map<?, ?> map && map.get("fingerprint") instanceof String fingerprint) {
                fingerprints.add(fingerprint);
            }
        }
        if (!(process.get("pid") instanceof Number pid) || fingerprints.isEmpty()) {
            throw new IOException("the running sallyport has no relays");
        }
        Path file = Path.of(String.valueOf(process.get("configuration")));
        return new RelaysUnderTest(pid.longValue(), fingerprints, authorities(file));
    }

    private static List<Authority> authorities(Path file) throws IOException {
        List<Authority> authorities = new ArrayList<>();
        try {
            for (String line : read(file).getStringList("network.authorities")) {
                authorities.add(Authority.parse(line));
            }
        } catch (ConfigException | Malformed e) {
            throw new IOException("no authorities to be read in " + file, e);
        }
        return authorities;
    }

    private static Config read(Path file) throws IOException {
        try {
            return ConfigFactory.parseFile(file.toFile()).resolve();
        } catch (ConfigException e) {
            throw new IOException("cannot be read: " + file, e);
        }
    }

    private static String text(Config config, String key, Path file) throws IOException {
        try {
            return config.getString(key);
        } catch (ConfigException e) {
            throw new IOException(file + " has no " + key, e);
        }
    }
}
