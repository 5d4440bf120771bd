package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one key of the configuration file means, as the manual's tables say it (`docs/configuration.md`, which lies in
/// the jar). Its texts are Markdown.
///
/// @param name the full key; a relay's begins with [#RELAY_PREFIX], wherever a file with pools may set it
/// @param type its values, and what holds without it
/// @param torrc C tor's options for the same, separated by commas; `-` where it has none
/// @param changedBy what makes a changed value take effect
public record ConfigKey(String name, String type, String meaning, String torrc, String changedBy) {
    /// Before the keys that every relay has.
    public static final String RELAY_PREFIX = "relays[].";

    /// In a key, the name that the operator gave to a pool, a host or a group.
    public static final String NAME = "NAME";

    private static final String PROCESS_HEAD = "Key";
    private static final String RELAY_HEAD = "Key of a relay";
    private static final int COLUMNS = 5;
    private static final List<ConfigKey> ALL = List.copyOf(rows());

    /// All keys in the manual's order.
    public static List<ConfigKey> all() {
        return ALL;
    }

    /// The keys that `word` may mean: a full key, the end of one, or an option of C tor's, whose capitals do not
    /// matter. An index of a relay does not matter either.
    public static List<ConfigKey> named(String word) {
        String key = word.replaceAll("\\[\\d+\\]", "[]");
        List<ConfigKey> exact = ALL.stream().filter(k -> k.name.equals(key)).toList();
        if (!exact.isEmpty()) {
            return exact;
        }
        return ALL.stream()
                .filter(k -> k.name.endsWith("." + key)
                        || k.torrcOptions().stream().anyMatch(option -> option.equalsIgnoreCase(word)))
                .toList();
    }

    /// The key, or the option of C tor's, that is written most like `word`; null when none is near.
    public static @Nullable String nearest(String word) {
        Set<String> words = new LinkedHashSet<>();
        for (ConfigKey key : ALL) {
            words.add(key.name);
            words.add(key.lastName());
            words.addAll(key.torrcOptions());
        }
        OptionWithoutKey.all().forEach(option -> words.add(option.name()));
        return Spelling.nearest(word, words);
    }

    /// Whether every relay has its own.
    public boolean isOfRelay() {
        return name.startsWith(RELAY_PREFIX);
    }

    /// The key within its section.
    String lastName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// C tor's options for the same.
    List<String> torrcOptions() {
        return Manual.names(torrc);
    }

    private static List<ConfigKey> rows() {
        List<ConfigKey> rows = new ArrayList<>();
        for (Manual.Row row : Manual.rows()) {
            if (row.head().equals(PROCESS_HEAD)) {
                rows.add(key("", row));
            } else if (row.head().equals(RELAY_HEAD)) {
                rows.add(key(RELAY_PREFIX, row));
            }
        }
        return rows;
    }

    private static ConfigKey key(String prefix, Manual.Row row) {
        List<String> cells = row.cells();
        if (cells.size() != COLUMNS) {
            throw new IllegalStateException("a row of a table of keys has another number of cells: " + cells);
        }
        return new ConfigKey(
                prefix + cells.get(0).replace("`", ""), cells.get(1), cells.get(2), cells.get(3), cells.get(4));
    }
}
