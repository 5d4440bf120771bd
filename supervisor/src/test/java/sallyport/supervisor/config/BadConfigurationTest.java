package sallyport.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A bad file shows everything that is wrong with it at once, each with file, line, key and the fix. Every
/// `X.conf` of `bad-configurations` is answered by exactly the lines of `X.expected`.
class BadConfigurationTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource
    void everyProblemIsShownAtOnce(Path file) throws Exception {
        Path expected = file.resolveSibling(nameOf(file).replace(".conf", ".expected"));
        List<String> report = report(file, new ConfigReader(_ -> null)).stream()
                .map(line -> line.replace(examples() + "/", ""))
                .toList();
        assertThat(report).containsExactlyElementsOf(Files.readAllLines(expected));
    }

    static Stream<Path> everyProblemIsShownAtOnce() throws Exception {
        try (Stream<Path> files = Files.list(examples())) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    @Test
    void aFileThatIsNoneIsNamed() throws Exception {
        Path missing = directory.resolve("missing.conf");
        assertThat(report(missing, new ConfigReader()))
                .containsExactly(
                        missing + ": does not exist; name a configuration file; config/example.conf shows one",
                        "1 problem in the configuration; nothing was changed");
        assertThat(report(directory, new ConfigReader()))
                .containsExactly(
                        directory + ": is a directory; name a configuration file",
                        "1 problem in the configuration; nothing was changed");
    }

    @Test
    void aDataDirectoryBelowAFileIsRefusedAndNothingIsMade() throws Exception {
        Path occupied = Files.writeString(directory.resolve("occupied"), "a file");
        assertThat(report(goodExceptDirectory(occupied.resolve("data")), new ConfigReader())
                        .getFirst())
                .endsWith(":1:1: data-directory: cannot be made, " + occupied
                        + " is not a directory; name a directory, or remove that file");

        Path fresh = directory.resolve("fresh/data");
        new ConfigReader().read(goodExceptDirectory(fresh));
        assertThat(fresh.getParent()).doesNotExist();
    }

    private Path goodExceptDirectory(Path dataDirectory) throws IOException {
        return Files.writeString(directory.resolve("sallyport.conf"), """
                data-directory = "%s"
                relays = [ { nickname = a, address = 192.0.2.1, or-port = 9001 } ]
                """.formatted(dataDirectory));
    }

    private static List<String> report(Path file, ConfigReader reader) {
        try {
            reader.read(file);
        } catch (BadConfiguration e) {
            return e.report();
        }
        return fail("nothing was found wrong with " + file);
    }

    private static Path examples() {
        try {
            return Path.of(Objects.requireNonNull(BadConfigurationTest.class.getResource("/bad-configurations"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }
}
