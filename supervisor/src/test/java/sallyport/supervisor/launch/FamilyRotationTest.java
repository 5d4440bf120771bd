package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FamilyRotationTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aKeyIsChangedInTwoPhasesWithAWaitBetween() throws Exception {
        Path keys = directory.resolve("data/family-keys");
        Path file = configure("*");
        assertThat(call(file, "--status")).isZero();
        assertThat(call(file, "--finish")).isEqualTo(ExitCode.REFUSED);
        assertThat(call(file, "spring")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("hold no file *.secret_family_key");

        keygen("ours");
        assertThat(call(file, "spring")).isZero();
        assertThat(out.toString())
                .contains("made spring, family id ")
                .contains("copy " + keys + "/spring.secret_family_key to the same place on beta, mode 0600")
                .contains("family.ids is \"*\", so that both keys are shown")
                .contains("5. sallyport identity family rotate --finish");
        assertThat(Files.readString(directory.resolve("data/family-rotation.json")))
                .contains("\"old-ids\"")
                .doesNotContainPattern("[A-Za-z0-9+/]{44,}");
        assertThat(call(file, "summer")).isEqualTo(ExitCode.REFUSED);
        assertThat(call(file, "--status")).isEqualTo(ExitCode.FINDINGS);
        assertThat(out.toString()).contains("rotation to spring").contains("4. wait until ");
        assertThat(call(file, "--finish")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("too early: ");
        assertThat(keys.resolve("ours.secret_family_key")).exists();

        assertThat(call(file, "--finish", "--override")).isZero();
        assertThat(out.toString()).contains("moved to " + keys + "/retired/ours.secret_family_key");
        assertThat(keys.resolve("ours.secret_family_key")).doesNotExist();
        assertThat(keys.resolve("spring.secret_family_key")).exists();
        assertThat(call(file, "--status")).isZero();
        assertThat(out.toString()).isEqualTo("no rotation is on its way\n");
    }

    /// A configuration that names keys one by one has to follow, or relays would fail for a missing file.
    @Test
    void theConfigurationHasToShowTheNewKeyAlone() throws Exception {
        String old = keygen("ours");
        assertThat(call(configure(old), "spring")).isZero();
        assertThat(out.toString()).contains("in the configuration: family.ids = [\"" + old + "\", \"");
        String fresh = Files.readString(directory.resolve("data/family-keys/spring.public_family_id"))
                .strip();
        assertThat(call(configure(old), "--finish", "--override")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("family.ids does not name the new key " + fresh);
        assertThat(call(configure(old + "\", \"" + fresh), "--finish", "--override"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("family.ids still names an old key");
        assertThat(call(configure(fresh), "--finish", "--override")).isZero();
    }

    @Test
    void theWaitEndsOnceItsTimeHasCome() {
        Instant begun = Instant.parse("2027-03-01T12:00:00Z");
        FamilyRotation job =
                new FamilyRotation("spring", "new", List.of("old"), begun, begun.plus(FamilyRotation.WAIT));
        assertThat(job.isTooEarly(begun.plus(Duration.ofDays(7)).minusNanos(1))).isTrue();
        assertThat(job.isTooEarly(begun.plus(Duration.ofDays(7)))).isFalse();
    }

    private String keygen(String name) {
        run("identity", "family-keygen", "--directory", directory + "/data/family-keys", name);
        String line = out.toString();
        return line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
    }

    private Path configure(String ids) throws Exception {
        return Files.writeString(directory.resolve("sallyport.conf"), """
                data-directory = "%s/data"
                family.ids = ["%s"]
                pools { a.ipv4 = 198.51.100.0/29, b.ipv4 = 203.0.113.0/29 }
                hosts { alpha { pools = a }, beta { pools = b } }
                groups.exits { count = 3, nickname = "exit{n}", or-port = 443 }
                """.formatted(directory, ids));
    }

    private int call(Path file, String... words) {
        List<String> arguments = new ArrayList<>(List.of("identity", "family", "rotate"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--config", file.toString(), "--host", "alpha"));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
