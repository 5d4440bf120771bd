package sallyport.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.instance.InstanceSpec;

class CampaignReaderTest {
    private static final String FLEET = """
            pools.main.ipv4 = "198.51.100.0/28"
            groups.exits { count = 2, nickname = "exit{n}", or-port = 443 }
            groups.guards { count = 2, nickname = "guard{n}", or-port = 444 }
            campaigns.spring { nickname = "freeBogatov{n}", start = 2027-03-01, end = "2027-04-01T12:00Z", groups = exits }
            """;

    @TempDir
    Path directory;

    @Test
    void theNamesOfARelayFollowTheTime() throws Exception {
        FleetReading reading = read(FLEET);
        assertThat(namesAt(reading, "2027-02-28T23:59:59Z")).containsExactly("exit1", "exit2", "guard1", "guard2");
        assertThat(namesAt(reading, "2027-03-01T00:00:00Z"))
                .containsExactly("freeBogatov1", "freeBogatov2", "guard1", "guard2");
        assertThat(namesAt(reading, "2027-04-01T11:59:59Z")).contains("freeBogatov2");
        assertThat(namesAt(reading, "2027-04-01T12:00:00Z")).containsExactly("exit1", "exit2", "guard1", "guard2");
        assertThat(reading.fleet().orElseThrow().lock().text())
                .contains("nickname=exit1")
                .doesNotContain("Bogatov");
    }

    @Test
    void campaignsThatFollowOneAnotherMayNameTheSameRelays() throws Exception {
        FleetReading reading = read(FLEET
                + "campaigns.summer { nickname = \"freeBogatov{n}\", start = \"2027-04-01T12:00\", end = 2027-05-01,"
                + " groups = exits }\n");
        assertThat(namesAt(reading, "2027-04-01T12:00:00Z")).contains("freeBogatov1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "start = 2027-05-01, end = 2027-05-01, nickname = \"a{n}\", groups = exits | is no later than its start",
                "start = 2027-05-01, end = 2027-04-01, nickname = \"a{n}\", groups = exits | is no later than its start",
                "start = 2027-03-31, end = 2027-05-01, nickname = \"a{n}\", groups = exits | names exits-1 while campaigns.spring",
                "start = 2027-03-31, end = 2027-05-01, nickname = \"freebogatov{n}\", groups = guards | gives names that campaigns.spring",
                "start = 2028-01-01, end = 2028-05-01, nickname = \"freeBogatovForEver{n}x\" | not a nickname",
                "start = 2028-01-01, end = 2028-05-01, nickname = \"a{n}\" | gives exits-1 and guards-1 the same name",
                "start = 2028-01-01, end = 2028-05-01, nickname = \"a\", groups = exits | write {n} where the number goes",
                "start = 2028-01-01, end = 2028-05-01, nickname = \"Guard{n}\", groups = exits | the name that guards-1 has",
                "start = yesterday, end = 2028-05-01, nickname = \"a{n}\", groups = exits | not a time",
                "start = \"2027-05-01T12:00+02:00\", end = 2028-05-01, nickname = a, groups = exits | not a time",
                "start = 2028-01-01, end = 2028-05-01, nickname = \"a{n}\", groups = exit | did you mean exits?",
                "start = 2028-01-01, nickname = \"a{n}\", groups = exits | end: is missing",
                "start = 2028-01-01, end = 2028-05-01, nicknam = a | did you mean nickname?"
            })
    void whatCannotBeIsRefused(String campaign, String why) throws Exception {
        Path file = write(FLEET + "campaigns.summer { " + campaign + " }\n");
        BadConfiguration bad =
                catchThrowableOfType(BadConfiguration.class, () -> new ConfigReader().read(file, HostChoice.ANY));
        assertThat(bad.getMessage()).contains(why);
    }

    private static List<String> namesAt(FleetReading reading, String time) {
        return reading.spec().at(Instant.parse(time)).relays().stream()
                .map(InstanceSpec::nickname)
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
