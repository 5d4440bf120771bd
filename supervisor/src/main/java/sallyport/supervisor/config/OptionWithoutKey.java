package sallyport.supervisor.config;

import java.util.List;
import java.util.Optional;

/// An option of C tor's that no key of the file stands for, and why, as the manual says it.
///
/// @param reason Markdown
public record OptionWithoutKey(String name, String reason) {
    private static final String HEAD = "Option of C tor";
    private static final List<OptionWithoutKey> ALL = Manual.rows().stream()
            .filter(row -> row.head().equals(HEAD))
            .flatMap(row -> Manual.names(row.cells().getFirst()).stream()
                    .map(name -> new OptionWithoutKey(name, row.cells().getLast())))
            .toList();

    /// All of them in the manual's order.
    public static List<OptionWithoutKey> all() {
        return ALL;
    }

    /// The one that is named so, whatever its capitals.
    public static Optional<OptionWithoutKey> named(String word) {
        return ALL.stream().filter(option -> option.name.equalsIgnoreCase(word)).findFirst();
    }
}
