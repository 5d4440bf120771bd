package sallyport.supervisor.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.limits.Shedding;

/// What people see fits into 80 columns, and what they should see comes first.
class ScreensTest {
    private static final String NOW = "2026-11-22T12:00:00Z";

    @Test
    void aRowFitsWithTheLargestNumbers() {
        Fields relay = relay(
                "a-very-long-id-of-a-relay", "bootstrapping", Long.MAX_VALUE, "BadExit", "Running", "Exit", "Fast");
        String row = RelayTable.line(relay, NOW);
        assertThat(row).hasSizeLessThanOrEqualTo(RelayTable.COLUMNS).startsWith("a-very-lon~ bootstrap ");
        assertThat(row).contains("!BADEXIT");
        assertThat(RelayTable.head()).hasSizeLessThanOrEqualTo(RelayTable.COLUMNS);
        assertThat(RelayTable.legend()).allMatch(line -> line.length() <= RelayTable.COLUMNS);
    }

    @Test
    void badFlagsComeBeforeTheRest() {
        assertThat(RelayTable.consensus(relay("a", "published", 1, "Exit", "Fast", "Running", "V2Dir", "Valid"), NOW))
                .isEqualTo("REF 1200");
        assertThat(RelayTable.consensus(relay("a", "published", 1, "Sybil", "MiddleOnly", "Running"), NOW))
                .isEqualTo("!MIDDLEONLY !SYBIL R 1200");
        assertThat(RelayCard.lines(relay("a", "published", 1, "BadExit", "Running")))
                .contains("  flags              !BADEXIT BadExit Running", "  weight             1200 kB/s");
        assertThat(RelayTable.consensus(new Fields(Map.of()), NOW)).isEqualTo("?");
        assertThat(RelayTable.consensus(new Fields(Map.of("consensus", Map.of("listed", false))), NOW))
                .isEqualTo("-");
    }

    /// How long the network knows it is what an operator of new relays looks for, at the end of the row.
    @Test
    void sinceWhenARelayIsListedIsShownAsFarAsItIsKnown() {
        Fields young = new Fields(Map.of(
                "id",
                "a",
                "first_seen",
                "2026-11-19T12:00:00Z",
                "first_seen_not_before",
                "2026-11-19T11:00:00Z",
                "consensus",
                Map.of("listed", true, "flags", List.of("Running"), "weight_kb", 20)));
        assertThat(RelayTable.consensus(young, NOW)).isEqualTo("R 20 3d");
        assertThat(RelayCard.lines(young))
                .contains("  first seen         2026-11-19T12:00:00Z, not before 2026-11-19T11:00:00Z");
        assertThat(RelayCard.lines(new Fields(Map.of("id", "a", "first_seen", "2026-11-19T12:00:00Z"))))
                .as("listed already when we came")
                .contains(
                        "  first seen         2026-11-19T12:00:00Z or before: in the first consensus that was looked at");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1023, 1023",
        "1024, 1.0K",
        "10188, 9.9K",
        "10189, 10K",
        "1048064, 1.0M",
        "1048063, 1023K",
        "9223372036854775807, 8192P"
    })
    void bytesTakeFiveColumns(long bytes, String shown) {
        assertThat(Units.bytes(bytes)).isEqualTo(shown).hasSizeLessThanOrEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "59, 59s", "60, 1m", "3599, 59m", "3600, 1h", "86399, 23h", "86400, 1d"})
    void timesTakeFourColumns(long seconds, String shown) {
        assertThat(Units.time(seconds)).isEqualTo(shown);
    }

    /// 1 kB a second is enough where one number changes.
    @Test
    void onlyLinesThatChangedAreSent() {
        StringWriter sent = new StringWriter();
        LiveScreen screen = new LiveScreen(new PrintWriter(sent));
        screen.open();
        screen.draw(List.of("head", "one 1", "two 1"), 24);
        assertThat(sent.toString()).contains("\033[1;1Hhead\033[K", "\033[2;1Hone 1", "\033[3;1Htwo 1");
        sent.getBuffer().setLength(0);
        screen.draw(List.of("head", "one 2"), 24);
        assertThat(sent.toString()).isEqualTo("\033[2;1Hone 2\033[K\033[3;1H\033[K");
        sent.getBuffer().setLength(0);
        screen.draw(List.of("head", "one 2"), 24);
        assertThat(sent.toString()).isEmpty();
        screen.draw(List.of("head", "one 2"), 1);
        assertThat(sent.toString()).as("a smaller window").isEqualTo("\033[2J\033[1;1Hhead\033[K");
        sent.getBuffer().setLength(0);
        screen.close();
        assertThat(sent.toString()).endsWith("\033[?25h\n");
    }

    @Test
    void aRelayThatSaysNothingIsShownAllTheSame() {
        assertThat(RelayCard.lines(new Fields(Map.of("id", "one", "state", "failed", "why", "no key"))))
                .contains("one", "  listed             no consensus yet", "  weight             -")
                .anyMatch(line -> line.endsWith(": no key"));
        assertThat(StatusScreen.head(new Fields(Map.of("time", "2026-11-22T12:00:00Z"))))
                .contains("consensus none yet");
    }

    /// An operator sees what is shared and who gives way first, in 80 columns.
    @Test
    void theProcessSaysWhatIsSharedAndWhoGivesWay() {
        Map<String, Object> process =
                Map.of("bandwidth_bytes_per_second", 100L << 20, "shedding", Shedding.words(Shedding.DEFAULT));
        assertThat(StatusScreen.head(new Fields(Map.of("time", "2026-11-22T12:00:00Z", "process", process))))
                .contains(
                        "limit   100M/s read, as much written, by all relays together",
                        "if full new-handshakes stuck-links caches stalled directory circuits streams");
    }

    private static Fields relay(String id, String state, long number, String... flags) {
        return new Fields(Map.of(
                "id",
                id,
                "state",
                state,
                "uptime_seconds",
                999L * 86400,
                "load",
                Map.of(
                        "links",
                        99_999,
                        "circuits",
                        99_999,
                        "streams",
                        99_999,
                        "read_bytes_per_second",
                        number,
                        "written_bytes_per_second",
                        number,
                        "memory_bytes",
                        number),
                "consensus",
                Map.of("listed", true, "flags", List.of(flags), "weight_kb", 1200)));
    }
}
