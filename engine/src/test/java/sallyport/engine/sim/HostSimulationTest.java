package sallyport.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.netdoc.GeneratedNetwork;
import sallyport.engine.sim.ScriptedDirectory.Upload;
import sallyport.engine.world.Resources;

/// A whole process under a seed: what its control tasks do in some days, and that they do it again.
/// `-Dseed=N` runs another seed, `-Ddays=N` longer.
class HostSimulationTest {
    private static final long SEED = Long.getLong("seed", 1);
    private static final int DAYS = Integer.getInteger("days", 3);
    private static final Duration SHORT = Duration.ofHours(6);
    private static final long HEAP_OF_64_CIRCUITS = 64L * 4 * 8 * 1024;
    // The publisher looks once a minute.
    private static final Duration PROMPTLY = Duration.ofMinutes(2);

    @Test
    void controlTasksKeepTheirSchedules() throws Exception {
        HostLife life = new HostLife(SEED, System.getProperty("seed") != null);
        life.begin();
        life.world().run(Duration.ofDays(1));
        int tasks = life.machine().tasksAlive();
        life.world().run(Duration.ofDays(DAYS - 1L));

        assertThat(life.world().failure()).as(life.trace().lastLines()).isNull();
        assertThat(life.loud()).isEmpty();
        assertThat(life.host().status())
                .hasSize(HostLife.RELAYS)
                .allMatch(status -> status.state().word().equals("published")
                        && status.faults().isEmpty());
        // Each hour one consensus of each flavor, and nothing that is there already.
        assertThat(life.directory().asked())
                .contains(entry("MICRODESC", 24 * DAYS), entry("NS", 24 * DAYS), entry("keys", 1));
        for (int i = 0; i < HostLife.RELAYS; i++) {
            String nickname = "Nick" + i;
            publishesInTimeAndWithFreshKeys(life.directory().uploads().stream()
                    .filter(upload -> upload.nickname().equals(nickname))
                    .toList());
        }
        // C tor's two hours; a new signing key needs a new one below it.
        assertThat(life.linkCertificates())
                .hasSizeBetween(12 * DAYS - 1, 12 * DAYS + 1 + (DAYS - 1) / HostLife.ROTATION_DAYS);
        assertThat(life.machine().tasksAlive()).isEqualTo(tasks);
        assertThat(life.disk().content()).hasSizeLessThan(HostLife.FILES_MAX);

        life.end();
        assertThat(life.world().failure()).isNull();
        assertThat(life.machine().tasksAlive()).isZero();
        assertThat(life.world().net().open()).isEmpty();
        // The directory's own.
        assertThat(life.world().net().listeners()).isOne();
        assertThat(life.world().net().bufferBytes()).isZero();
    }

    /// One relay has lent all there is, and another one is asked for some: within two looks of the first it has
    /// its fair share, of circuits that nobody used, and neither takes more from the other after that.
    @Test
    void circuitsThatWereLentComeBack() throws Exception {
        HostLife life = new HostLife(
                SEED,
                System.getProperty("seed") != null,
                new Resources(HEAP_OF_64_CIRCUITS, HEAP_OF_64_CIRCUITS, 1024));
        life.begin();
        life.world().run(Duration.ofMinutes(10));
        CircuitMaker early = new CircuitMaker(life.world(), 1, HostLife.address(0));
        for (int i = 0; i < 6; i++) {
            early.ask(8);
            life.world().run(Duration.ofSeconds(30));
        }
        assertThat(early.made()).as("its eighth, and the common half").isEqualTo(8 + 32);
        assertThat(early.reasons()).hasSize(48 - 40).containsOnly(DestroyReason.RESOURCELIMIT.code());

        CircuitMaker late = new CircuitMaker(life.world(), 2, HostLife.address(1));
        late.ask(9);
        life.world().run(Duration.ofSeconds(2));
        assertThat(late.made()).isEqualTo(8);
        life.world().run(Duration.ofSeconds(12));
        // The other two are guaranteed eight each, and these two share the rest.
        assertThat(early.reasons()).hasSize(8 + 40 - 24).containsOnly(DestroyReason.RESOURCELIMIT.code());
        for (int i = 0; i < 4; i++) {
            late.ask(8);
            life.world().run(Duration.ofSeconds(30));
        }
        assertThat(late.made()).isEqualTo(24);
        assertThat(early.reasons()).hasSize(8 + 40 - 24);
        assertThat(late.reasons()).hasSize(9 + 4 * 8 - 24).containsOnly(DestroyReason.RESOURCELIMIT.code());
        assertThat(life.host().status().getFirst().faults())
                .containsEntry("circuit given back: another relay had less than its share", 16L);

        early.leave();
        late.leave();
        life.end();
        assertThat(life.world().failure()).isNull();
        assertThat(life.world().net().bufferBytes()).isZero();
    }

    private static void publishesInTimeAndWithFreshKeys(List<Upload> uploads) {
        Instant before = GeneratedNetwork.START;
        for (Upload upload : uploads) {
            assertThat(Duration.between(before, upload.at()))
                    .isLessThan(Duration.ofHours(18).plus(PROMPTLY));
            before = upload.at();
        }
        int rotations = (DAYS - 1) / HostLife.ROTATION_DAYS;
        assertThat(uploads.stream().map(Upload::ntorKey).distinct()).hasSize(1 + rotations);
        assertThat(uploads.stream().map(Upload::signingCertificate).distinct()).hasSize(1 + rotations);
        for (int i = 1; i <= rotations; i++) {
            Instant due = GeneratedNetwork.START.plus(Duration.ofDays((long) i * HostLife.ROTATION_DAYS));
            assertThat(uploads)
                    .anyMatch(
                            upload -> !upload.at().isBefore(due) && upload.at().isBefore(due.plus(PROMPTLY)));
        }
    }

    @Test
    void theSameSeedDoesTheSameAgain() throws Exception {
        String once = HostLife.hashOf(SEED, SHORT);

        assertThat(HostLife.hashOf(SEED, SHORT)).isEqualTo(once);
        assertThat(inAnotherJvm()).isEqualTo(once);
        assertThat(HostLife.hashOf(SEED + 1, SHORT)).isNotEqualTo(once);
    }

    private static String inAnotherJvm() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostLife.class.getName(),
                        Long.toString(SEED),
                        SHORT.toString())
                .redirectError(ProcessBuilder.Redirect.to(new File("/dev/null")))
                .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(other.waitFor()).isZero();
        return said.lines().collect(Collectors.joining());
    }
}
