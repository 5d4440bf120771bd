package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sallyport.engine.world.Log.Level;
import sallyport.supervisor.admin.LogRooms;

class StderrLogTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-11-21T22:30:00Z");
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-21T22:30:00.987Z"));

    @Test
    void aLineHasTimeLevelRelayAndText() {
        StderrLog log = new StderrLog(out, clock, StderrLog.Format.TIMESTAMP, Level.INFO);
        log.info("sally1", "is published");
        log.error("", "the disk is full");
        log.debug("sally1", "not shown");

        assertThat(written()).isEqualTo("""
                2026-11-21T22:30:00Z INFO sally1 is published
                2026-11-21T22:30:00Z ERROR - the disk is full
                """);
    }

    /// sd-daemon(3): the journal reads the priority from the front of the line and has its own clock.
    @Test
    void underSystemdALineHasAPriorityAndNoTime() {
        StderrLog log = new StderrLog(out, clock, StderrLog.Format.JOURNAL, Level.DEBUG);
        log.error("sally1", "e");
        log.warn("sally1", "w");
        log.info("", "i");
        log.debug("sally2", "d");

        assertThat(written()).isEqualTo("""
                <3>sally1 e
                <4>sally1 w
                <6>i
                <7>sally2 d
                """);
    }

    @Test
    void asJsonALineIsOneObject() {
        StderrLog log = new StderrLog(out, clock, StderrLog.Format.JSON, Level.INFO);
        log.info("sally1", "says \"it is\"");
        log.error("", "one\ntwo");
        assertThat(written()).isEqualTo("""
                {"time":"2026-11-21T22:30:00Z","level":"info","relay":"sally1","text":"says \\"it is\\""}
                {"time":"2026-11-21T22:30:00Z","level":"error","relay":"","text":"one\\\\u000atwo"}
                """);
    }

    /// Nothing is lost but repetition: the count comes before whatever is next, and at the end.
    @Test
    void aLineThatComesAgainIsCounted() {
        StderrLog log = new StderrLog(out, () -> now, StderrLog.Format.JOURNAL, Level.INFO);
        for (int i = 0; i < 3; i++) {
            log.info("a", "same");
        }
        log.info("b", "same");
        log.info("b", "same");
        now = now.plusSeconds(60);
        log.info("b", "same");
        log.info("b", "same");
        log.close();
        assertThat(written()).isEqualTo("""
                <6>a same
                <6>a the line before came again, times: 2
                <6>b same
                <6>b the line before came again, times: 1
                <6>b same
                <6>b the line before came again, times: 1
                """);
    }

    @Test
    void anotherLevelFallsBackByItself() {
        StderrLog log = new StderrLog(out, () -> now, StderrLog.Format.JOURNAL, Level.INFO);
        log.raise(Level.DEBUG, Duration.ofSeconds(10));
        log.debug("a", "during");
        now = now.plusSeconds(10);
        log.debug("a", "after");
        log.raise(Level.ERROR, Duration.ofSeconds(10));
        log.info("a", "kept out");
        now = now.plusSeconds(10);
        log.info("a", "again");
        assertThat(written()).isEqualTo("<7>a during\n<6>a again\n");
    }

    /// Lines of this test are the room's that it stands in.
    @Test
    void aRoomHasALevelOfItsOwnForAWhile() {
        StderrLog log = new StderrLog(out, () -> now, StderrLog.Format.JOURNAL, Level.INFO);
        log.raise("circuit", Level.DEBUG, Duration.ofSeconds(10));
        log.debug("a", "not of that room");
        log.raise("launch", Level.DEBUG, Duration.ofSeconds(10));
        log.debug("a", "during");
        log.raise("launch", Level.ERROR, Duration.ofSeconds(10));
        log.info("a", "kept out");
        now = now.plusSeconds(10);
        log.debug("a", "after");
        log.info("a", "again");
        assertThat(written()).isEqualTo("<7>a during\n<6>a again\n");
    }

    @Test
    void everyRoomHasAName() throws Exception {
        Set<String> rooms = new TreeSet<>();
        for (String root : List.of("../engine/src/main/java/sallyport/engine", "src/main/java/sallyport/supervisor")) {
            try (Stream<Path> directories = Files.list(Path.of(root))) {
                directories.filter(Files::isDirectory).forEach(room -> rooms.add(String.valueOf(room.getFileName())));
            }
        }
        assertThat(LogRooms.NAMES).containsExactlyElementsOf(rooms);
    }

    /// A text that carries foreign bytes must not forge lines, nor drive the terminal.
    @Test
    void controlCharactersCannotForgeALine() {
        StderrLog log = new StderrLog(out, clock, StderrLog.Format.JOURNAL, Level.INFO);
        log.info("a\nb", "one\n<3>two\u001b[31m\u0000\u202e\u2028\ud800 déjà vu 🧅");

        assertThat(written())
                .isEqualTo("<6>a\\u000ab one\\u000a<3>two\\u001b[31m\\u0000\\u202e\\u2028\\ud800 déjà vu 🧅\n");
    }

    @Test
    void withoutSystemdNoJournalIsAssumed() {
        assertThat(StderrLog.Format.detect(Map.of())).isEqualTo(StderrLog.Format.TIMESTAMP);
        assertThat(StderrLog.Format.detect(Map.of("JOURNAL_STREAM", ""))).isEqualTo(StderrLog.Format.TIMESTAMP);
    }

    @Test
    void linesArriveInOrderBeforeTheLogIsClosed() {
        try (StderrLog log = new StderrLog(new BackgroundWriter(out), clock, StderrLog.Format.JOURNAL, Level.INFO)) {
            for (int i = 0; i < 100; i++) {
                log.info("", "line " + i);
            }
        }
        assertThat(written().lines()).hasSize(100).startsWith("<6>line 0").endsWith("<6>line 99");
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
