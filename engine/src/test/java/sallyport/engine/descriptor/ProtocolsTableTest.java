package sallyport.engine.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/protocols.md` has a row for every number of the `proto` line, and every row names tests that exist.
class ProtocolsTableTest {
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Pattern ROW = Pattern.compile("^\\| `(\\w+=\\d+)` \\| [^|]+ \\| ([^|]+) \\|$");
    private static final Pattern PROOF = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");
    private static final Pattern ROWS = Pattern.compile("`(\\w+Rows)`");

    @Test
    void everyNumberHasARowAndNoOtherHas() throws IOException {
        assertThat(proofs().keySet()).containsExactlyInAnyOrderElementsOf(numbers(AdvertisedProtocols.LINE));
    }

    @Test
    void theLineItselfIsQuoted() throws IOException {
        assertThat(table()).contains("proto " + AdvertisedProtocols.LINE + "\n");
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Map<String, Path> sources = sources();
        proofs().forEach((number, proof) -> {
            List<String> tests = PROOF.matcher(proof)
                    .results()
                    .map(test -> {
                        assertThat(sources).as(number).containsKey(test.group(1));
                        assertThat(text(sources.get(test.group(1))))
                                .as(number)
                                .contains(" void " + test.group(2) + "(");
                        return test.group();
                    })
                    .toList();
            assertThat(tests).as(number).isNotEmpty();
            assertThat(ROWS.matcher(proof).results().map(rows -> rows.group(1)))
                    .as(number)
                    .allSatisfy(rows -> assertThat(sources).containsKey(rows));
        });
    }

    @Test
    void aRangeStandsForEachOfItsNumbers() {
        assertThat(numbers("Cons=1-2 Link=3,5 Padding=2"))
                .containsExactly("Cons=1", "Cons=2", "Link=3", "Link=5", "Padding=2");
    }

    /// What the table says of each number.
    private static Map<String, String> proofs() throws IOException {
        Map<String, String> proofs = new TreeMap<>();
        for (String line : table().split("\n", -1)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(proofs.put(row.group(1), row.group(2))).as(line).isNull();
            }
        }
        return proofs;
    }

    private static List<String> numbers(String line) {
        List<String> numbers = new ArrayList<>();
        for (String entry : line.split(" ", -1)) {
            String[] parts = entry.split("=", -1);
            for (String range : parts[1].split(",", -1)) {
                String[] ends = range.split("-", -1);
                for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
                    numbers.add(parts[0] + "=" + i);
                }
            }
        }
        return numbers;
    }

    /// Where each class is written that tests, or that holds rows of a table of tests.
    private static Map<String, Path> sources() throws IOException {
        Map<String, Path> sources = new TreeMap<>();
        for (String root : List.of("engine/src/test/java", "lab/src/test/java", "lab/src/main/java")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(root))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file ->
                                sources.put(file.getFileName().toString().replace(".java", ""), file));
            }
        }
        return sources;
    }

    private static String table() throws IOException {
        return text(PROJECT.resolve("docs/protocols.md"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
