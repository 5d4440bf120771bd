package sallyport.supervisor.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

    private static final String MANUAL = "configuration.md";
    private static final String PROCESS_HEAD = "Key";
    private static final String RELAY_HEAD = "Key of a relay";
    private static final int COLUMNS = 5;
    private static final List<ConfigKey> ALL = List.copyOf(rows(manual()));

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

    private List<String> torrcOptions() {
        return Arrays.stream(torrc.replace("`", "").split(","))
                .map(String::strip)
                .filter(option -> !option.equals("-"))
                .toList();
    }

    private static List<ConfigKey> rows(List<String> lines) {
        List<ConfigKey> rows = new ArrayList<>();
        String prefix = null;
        for (String line : lines) {
            // The first cell is what stands behind the first bar.
            String[] cells = line.split("(?<!\\\\)\\|", -1);
            if (!line.startsWith("|")) {
                prefix = null;
            } else if (cells[1].strip().equals(PROCESS_HEAD)) {
                prefix = "";
            } else if (cells[1].strip().equals(RELAY_HEAD)) {
                prefix = RELAY_PREFIX;
            } else if (prefix != null && !cells[1].startsWith("-")) {
                rows.add(row(prefix, cells));
            }
        }
        return rows;
    }

    private static ConfigKey row(String prefix, String[] cells) {
        if (cells.length != COLUMNS + 2) {
            throw new IllegalStateException(
                    MANUAL + ": a row of a table of keys has another number of cells: " + cells[1]);
        }
        List<String> texts = Arrays.stream(cells).map(String::strip).toList();
        return new ConfigKey(
                prefix + texts.get(1).replace("`", ""), texts.get(2), texts.get(3), texts.get(4), texts.get(5));
    }

    private static List<String> manual() {
        try (InputStream in = ConfigKey.class.getResourceAsStream(MANUAL)) {
            if (in == null) {
                throw new IllegalStateException(MANUAL + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
