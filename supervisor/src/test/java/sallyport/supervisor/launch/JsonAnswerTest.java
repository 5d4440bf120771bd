package sallyport.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.supervisor.admin.Json;

/// What programs read of verbs that ask no process.
class JsonAnswerTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void problemsOfAFileHaveTheirPlaceAndTheWayOut() throws Exception {
        Path file = file("or-prot = 9001");
        assertThat(run("config", "check", "--config", file.toString(), "--json"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(answer())
                .containsEntry("schema", 1L)
                .containsEntry("outcome", "error")
                .extractingByKey("problems")
                .asList()
                .contains(Map.of(
                        "file",
                        file.toString(),
                        "line",
                        2L,
                        "column",
                        47L,
                        "key",
                        "relays[0].or-prot",
                        "what",
                        "is not a known key",
                        "fix",
                        "did you mean or-port?"));
        assertThat(err.toString()).isEmpty();
        file("or-port = 9001");
        assertThat(run("config", "check", "--config", file.toString(), "--json"))
                .isZero();
        assertThat(answer())
                .containsEntry("outcome", "ok")
                .containsEntry("relays", 1L)
                .containsEntry("problems", List.of());
    }

    @Test
    void whatAFileSaysAndWhatKeysMeanCanBeRead() throws Exception {
        String file = file("or-port = 9001").toString();
        assertThat(run("config", "effective", "--config", file, "--json")).isZero();
        assertThat(((Map<?, ?>) ((List<?>) answer().get("relays")).getFirst()).get("settings"))
                .asList()
                .contains(Map.of("key", "or-port", "value", "9001", "place", file + ":2", "note", ""));
        assertThat(run(
                        "config",
                        "explain",
                        "or-port",
                        "FetchUselessDescriptors",
                        "nonsense",
                        "--config",
                        file,
                        "--json"))
                .isEqualTo(ExitCode.ERROR);
        Map<String, @Nullable Object> explained = answer();
        assertThat(explained).containsEntry("unknown", List.of("nonsense"));
        assertThat(((Map<?, ?>) ((List<?>) explained.get("keys")).getFirst()).get("key"))
                .isEqualTo("relays[].or-port");
    }

    @Test
    void madeKeysNameThemselves() throws Exception {
        String keys = directory.resolve("safe/keys").toString();
        assertThat(run("identity", "keygen", "--keys", keys, "--no-passphrase", "--json"))
                .isZero();
        assertThat(answer()).containsKeys("fingerprint", "ed25519", "signing_key_expires");
        String family = directory.resolve("data/family-keys").toString();
        assertThat(run("identity", "family-keygen", "--directory", family, "ours", "--json"))
                .isZero();
        assertThat(answer()).containsEntry("name", "ours").containsKey("family_id");
        String file = file("or-port = 9001").toString();
        assertThat(run("identity", "family", "rotate", "--status", "--config", file, "--json"))
                .isZero();
        assertThat(answer()).containsEntry("rotation", null);
    }

    private Path file(String orPort) throws Exception {
        return Files.writeString(directory.resolve("sallyport.conf"), """
                data-directory = "%s/data"
                relays = [ { nickname = a, address = 9.9.9.9, %s } ]
                """.formatted(directory, orPort));
    }

    private Map<String, @Nullable Object> answer() throws Exception {
        return Json.read(out.toString().strip());
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        return Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}
