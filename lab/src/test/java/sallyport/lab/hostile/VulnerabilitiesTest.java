package sallyport.lab.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The page of vulnerabilities names regressions; they have to exist.
class VulnerabilitiesTest {
    // Maven runs tests in the module's directory.
    private static final Path PAGE = Path.of("..", "docs", "vulnerabilities.md");
    private static final Path ENGINE_TESTS = Path.of("..", "engine", "src", "test", "java");
    private static final Pattern ROW = Pattern.compile("row \"([^\"]+)\"");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)(?:\\.(\\w+))?`");
    private static final String THIS_ONE = "VulnerabilitiesTest";

    @Test
    void everyRowThatIsNamedIsSent() throws IOException {
        List<String> rows = Rows.all().stream().map(Row::name).toList();
        assertThat(found(ROW))
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(rows).contains(name.group(1)));
    }

    @Test
    void everyTestThatIsNamedIsRun() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(ENGINE_TESTS)) {
            files = all.filter(file -> file.toString().endsWith("Test.java")).toList();
        }
        for (MatchResult test : found(TEST)) {
            if (test.group(1).equals(THIS_ONE)) {
                continue;
            }
            List<Path> named = files.stream()
                    .filter(file -> file.getFileName().toString().equals(test.group(1) + ".java"))
                    .toList();
            assertThat(named).as(test.group()).hasSize(1);
            if (test.group(2) != null) {
                assertThat(named.getFirst()).content().contains("void " + test.group(2) + "(");
            }
        }
    }

    @Test
    void everyClassHasARegression() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Class |"))
                .toList();
        assertThat(rows)
                .hasSizeGreaterThan(20)
                .allSatisfy(row -> assertThat(
                                ROW.matcher(row).find() || TEST.matcher(row).find())
                        .as(row)
                        .isTrue());
    }

    private static List<MatchResult> found(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(PAGE)).results().toList();
    }
}
