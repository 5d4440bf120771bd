package sallyport.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotesTest {
    private static final String FLEET = """
            pools.main.ipv4 = "198.51.100.0/28"
            groups.exits { count = 2, nickname = "exit{n}", or-port = 443 }
            """;

    @TempDir
    Path directory;

    @Test
    void aNoteIsInheritedWithItsValue() throws Exception {
        FleetReading reading = read(FLEET + """
                fleet.defaults { exit-policy = reduced, contact = "a", notes { exit-policy = "fleet's", contact = "why" } }
                groups.exits.notes { exit-policy = { why = "group's", when = 2026-05-01, effect = "3 a month" }, count = n }
                groups.exits.relays."2" { exit-policy = web }
                """);
        assertThat(note(reading, "exits-1", "exit-policy")).isEqualTo("group's; since 2026-05-01; effect: 3 a month");
        assertThat(note(reading, "exits-1", "contact")).isEqualTo("why");
        // Another value: what was said of the old one is not about it.
        assertThat(note(reading, "exits-2", "exit-policy")).isEmpty();
    }

    @Test
    void aKeyThatIsNotSetMayHaveOne() throws Exception {
        FleetReading reading = read("""
                relays = [ { nickname = a, address = 192.0.2.1, or-port = 1,
                  notes { bandwidth.rate = \"""throttled
                     elsewhere\""", contact.email = x } } ]
                notes { process { memory-in-queues-max = "measured" }, resolver = own }
                """);
        assertThat(reading.effective().getFirst().settings())
                .anySatisfy(setting -> assertThat(setting)
                        .isEqualTo(new EffectiveRelay.Setting("bandwidth.rate", "", "", "throttled elsewhere")));
    }

    @Test
    void explainShowsThemWhateverElseIsWrong() throws Exception {
        ConfigValues values = new ConfigReader().values(write(FLEET + """
                groups.exits.notes.count = "as many as the pool has"
                notes { pools.main.ipv4 = "leased", unknown = 1 }
                """));
        assertThat(notesOf(values, "groups.NAME.count")).containsExactly("as many as the pool has");
        assertThat(notesOf(values, "pools.NAME.ipv4")).containsExactly("leased");
    }

    /// Whatever they say: no relay has it, so none can publish or log it.
    @Test
    void theyChangeNoRelayAndStayInTheRecord() throws Exception {
        FleetReading without = read(FLEET);
        FleetReading with = read(FLEET + "groups.exits.notes { nickname = \"for the association\" }\n");
        assertThat(with.spec().relays()).isEqualTo(without.spec().relays());
        assertThat(with.spec().process()).isEqualTo(without.spec().process());
        assertThat(with.fleet().orElseThrow().text()).contains("for the association");
    }

    @Test
    void whatIsWrongWithOneIsSaidWithoutItsText() throws Exception {
        Path file = write(FLEET + """
                groups.exits.notes { exit-polcy = "private", bandwidth = "private", count = [private], hosts = "" }
                hosts.a { pools = main, notes { pools = { why = private, when = "in May" } } }
                fleet.defaults.notes.count = "private"
                notes { groups.exits.cuont = "private", dos.circuits.rate = 7 }
                """);
        BadConfiguration bad = catchThrowableOfType(BadConfiguration.class, () -> new ConfigReader().read(file));
        assertThat(bad.problems().stream().map(problem -> problem.key() + ": " + problem.what() + "; " + problem.fix()))
                .contains(
                        "groups.exits.notes.exit-polcy: is a note on a key that does not exist here; did you mean"
                                + " exit-policy?",
                        "groups.exits.notes.hosts: is empty; write in a line or two why, since when, and with which"
                                + " effect",
                        "hosts.a.notes.pools: has a time in when that is none; write a day, as 2026-05-01",
                        "fleet.defaults.notes.count: is a note on a key that does not exist here; name a key as it"
                                + " stands in this section; `sallyport config explain` lists them",
                        "notes.groups.exits.cuont: is a note on a key that does not exist here; did you mean"
                                + " groups.exits.count?")
                .anyMatch(line -> line.startsWith("groups.exits.notes.bandwidth: is no note"))
                .anyMatch(line -> line.startsWith("groups.exits.notes.count: is no note"))
                .anyMatch(line -> line.startsWith("notes.dos.circuits.rate: is no note"))
                .noneMatch(line -> line.contains("private"));
    }

    private static String note(FleetReading reading, String relay, String key) {
        return reading.effective().stream()
                .filter(effective -> effective.id().equals(relay))
                .flatMap(effective -> effective.settings().stream())
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElseThrow()
                .note();
    }

    private static List<String> notesOf(ConfigValues values, String key) {
        return values.places(ConfigKey.named(key).getFirst()).stream()
                .map(ConfigValues.Place::note)
                .filter(note -> !note.isEmpty())
                .toList();
    }

    private FleetReading read(String text) throws Exception {
        return new ConfigReader().read(write(text), HostChoice.ANY);
    }

    private Path write(String text) throws Exception {
        return Files.writeString(
                directory.resolve("sallyport.conf"), "data-directory = \"" + directory + "/data\"\n" + text);
    }
}
