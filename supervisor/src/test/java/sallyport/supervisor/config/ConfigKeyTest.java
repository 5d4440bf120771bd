package sallyport.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigKeyTest {
    /// No key of ours is anything like it, so that the reader answers with all that it knows.
    private static final String UNKNOWN = "zqxjkvbwzqxjkvbwzqxjkvbw";

    /// Every section that the reader knows.
    private static final List<String> SECTIONS = List.of(
            "",
            "network",
            "family",
            "process",
            "process.metrics",
            "process.bandwidth",
            "statistics",
            "dos",
            "dos.circuits",
            "dos.connections",
            "dos.streams",
            "fleet",
            "fleet.apply");

    /// Its nickname is no relay's own.
    private static final String CAMPAIGN = "campaigns.NAME";

    /// Those whose names the operator chooses; the sections above them have no keys of their own.
    private static final List<String> NAMED_SECTIONS = List.of("pools.NAME", "hosts.NAME", "groups.NAME", CAMPAIGN);

    private static final List<String> RELAY_SECTIONS = List.of("bandwidth", "accounting", "contact");

    @TempDir
    Path directory;

    /// A key without a row of the manual cannot be explained; a row without a key misleads.
    @Test
    void theManualHasARowForEveryKeyAndNoOther() throws Exception {
        List<String> known = new ArrayList<>();
        for (String section : SECTIONS) {
            String key = section.isEmpty() ? UNKNOWN : section + "." + UNKNOWN;
            known.addAll(keysBeside("network.kind = testing\n" + key + " = 1", section.isEmpty() ? "" : section + "."));
        }
        known.addAll(keysBeside("relays = [ { " + UNKNOWN + " = 1 } ]", ConfigKey.RELAY_PREFIX));
        for (String section : RELAY_SECTIONS) {
            String prefix = ConfigKey.RELAY_PREFIX + section;
            known.addAll(keysBeside("relays = [ { " + section + "." + UNKNOWN + " = 1 } ]", prefix + "."));
            if (!section.equals("contact")) { // which may be a text, too
                known.remove(prefix);
            }
        }
        List<String> ofRelay = keysBeside("relays = [ { " + UNKNOWN + " = 1 } ]", "");
        for (String section : NAMED_SECTIONS) {
            List<String> keys = keysBeside(section + "." + UNKNOWN + " = 1", "");
            keys.stream()
                    .filter(key -> section.equals(CAMPAIGN) || !ofRelay.contains(key))
                    .forEach(key -> known.add(section + "." + key));
            known.remove(section.substring(0, section.indexOf('.')));
        }
        known.removeAll(SECTIONS);
        assertThat(ConfigKey.all().stream().map(ConfigKey::name)).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void everyRowSaysWhatItIsAbout() {
        assertThat(ConfigKey.all()).allSatisfy(key -> {
            assertThat(key.type()).as(key.name()).isNotBlank();
            assertThat(key.meaning()).as(key.name()).endsWith(".");
            assertThat(key.torrc()).as(key.name()).matches("-|`[A-Za-z0-9]+`(, `[A-Za-z0-9]+`)*");
            assertThat(key.changedBy()).as(key.name()).isNotBlank();
        });
    }

    @Test
    void aKeyIsFoundByItsEndAndByTheNameOfCTors() {
        assertThat(names("relays[].or-port"))
                .isEqualTo(names("relays[7].or-port"))
                .isEqualTo(names("or-port"))
                .containsExactly("relays[].or-port");
        assertThat(names("maxmeminqueues")).containsExactly("process.memory-in-queues-max");
        assertThat(names("rate"))
                .containsExactly(
                        "process.bandwidth.rate",
                        "dos.circuits.rate",
                        "dos.connections.rate",
                        "dos.streams.rate",
                        "relays[].bandwidth.rate");
        assertThat(names("nothing-like-it")).isEmpty();
        assertThat(ConfigKey.nearest("exitpolcy")).isEqualTo("exit-policy");
        assertThat(ConfigKey.nearest(UNKNOWN)).isNull();
    }

    private static List<String> names(String word) {
        return ConfigKey.named(word).stream().map(ConfigKey::name).toList();
    }

    private List<String> keysBeside(String text, String prefix) throws Exception {
        Path file = Files.writeString(directory.resolve("unknown.conf"), text);
        BadConfiguration bad =
                catchThrowableOfType(BadConfiguration.class, () -> new ConfigReader(_ -> null).read(file));
        String fix = bad.problems().stream()
                .filter(problem -> problem.key().endsWith(UNKNOWN))
                .findFirst()
                .orElseThrow()
                .fix();
        return Arrays.stream(fix.substring(fix.indexOf("one of ") + 7).split(", "))
                .map(key -> prefix + key)
                .toList();
    }
}
