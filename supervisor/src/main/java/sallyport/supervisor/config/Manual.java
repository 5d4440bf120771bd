package sallyport.supervisor.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The manual's tables (`docs/configuration.md`, which lies in the jar).
final class Manual {
    private static final String FILE = "configuration.md";

    private Manual() {}

    /// One row below a table's head.
    ///
    /// @param head the first cell of the head
    /// @param cells as Markdown, without the spaces around them
    record Row(String head, List<String> cells) {
        Row {
            cells = List.copyOf(cells);
        }
    }

    /// The names in a cell of them, separated by commas; none in `-`.
    static List<String> names(String cell) {
        return Arrays.stream(cell.replace("`", "").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.equals("-"))
                .toList();
    }

    /// All rows of all tables in their order.
    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String head = null;
        for (String line : lines()) {
            if (!line.startsWith("|")) {
                head = null;
                continue;
            }
            // The first cell is what stands behind the first bar.
            String[] parts = line.split("(?<!\\\\)\\|", -1);
            List<String> cells =
                    Arrays.stream(parts, 1, parts.length - 1).map(String::strip).toList();
            if (head == null) {
                head = cells.getFirst();
            } else if (!cells.getFirst().startsWith("-")) {
                rows.add(new Row(head, cells));
            }
        }
        return rows;
    }

    private static List<String> lines() {
        try (InputStream in = Manual.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
