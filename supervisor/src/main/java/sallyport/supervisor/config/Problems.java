package sallyport.supervisor.config;

import com.typesafe.config.ConfigOrigin;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Collects the problems of one reading; the same problem of the same place once, however many relays inherit it.
final class Problems {
    private final String file;
    private final String absoluteFile;
    private final UnaryOperator<String> keys;
    private final Collection<Problem> found;
    private final Columns columns;

    /// @param file as the operator named it
    /// @param absoluteFile as the parser names it in origins
    Problems(String file, String absoluteFile) {
        this(file, absoluteFile, UnaryOperator.identity(), new LinkedHashSet<>(), new Columns());
    }

    private Problems(
            String file, String absoluteFile, UnaryOperator<String> keys, Collection<Problem> found, Columns columns) {
        this.file = file;
        this.absoluteFile = absoluteFile;
        this.keys = keys;
        this.found = found;
        this.columns = columns;
    }

    /// The same collection for who reads a section that was merged of several.
    ///
    /// @param names tells for a key of that section the key of the file that it stands at
    Problems naming(UnaryOperator<String> names) {
        return new Problems(file, absoluteFile, names, found, columns);
    }

    void add(@Nullable ConfigOrigin origin, String key, String what, String fix) {
        found.add(of(origin, key, what, fix));
    }

    /// A problem that is not added.
    Problem of(@Nullable ConfigOrigin origin, String key, String what, String fix) {
        int line = origin == null ? 0 : Math.max(0, origin.lineNumber());
        String named = keys.apply(key);
        String text = origin == null || origin.filename() == null ? absoluteFile : origin.filename();
        return new Problem(fileOf(origin), line, columns.of(text, line, named), named, what, fix);
    }

    /// A problem of another file that belongs to the configuration.
    void addIn(String other, int line, String what, String fix) {
        found.add(new Problem(other, line, 0, "", what, fix));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /// Whether something is wrong with exactly this key; then nobody knows what is below it.
    boolean isOf(String key) {
        String named = keys.apply(key);
        return found.stream().anyMatch(problem -> problem.key().equals(named));
    }

    /// Whether something is wrong with a key, what is below it, or an element of it. Who judges by the value asks,
    /// for a problem that another one makes is not said.
    boolean isAbout(String key) {
        String named = keys.apply(key);
        return found.stream()
                .map(Problem::key)
                .anyMatch(other -> other.startsWith(named)
                        && (other.length() == named.length() || ".[".indexOf(other.charAt(named.length())) >= 0));
    }

    /// Whether something is wrong with a file that belongs to the configuration.
    boolean isIn(String other) {
        return found.stream().anyMatch(problem -> problem.file().equals(other));
    }

    /// Those of the main file by line, then those of included files.
    List<Problem> sorted() {
        return found.stream()
                .sorted(Comparator.comparingInt((Problem p) -> p.file().equals(file) ? 0 : 1)
                        .thenComparing(Problem::file)
                        .thenComparingInt(Problem::line))
                .toList();
    }

    /// `FILE:LINE` of a value, to point from one problem to another place.
    String where(ConfigOrigin origin) {
        return origin.lineNumber() > 0 ? "line " + origin.lineNumber() : fileOf(origin);
    }

    /// `FILE:LINE` of a value.
    String place(ConfigOrigin origin) {
        return origin.lineNumber() > 0 ? fileOf(origin) + ":" + origin.lineNumber() : fileOf(origin);
    }

    private String fileOf(@Nullable ConfigOrigin origin) {
        if (origin == null || origin.filename() == null) {
            return file;
        }
        return origin.filename().equals(absoluteFile) ? file : origin.filename();
    }
}
