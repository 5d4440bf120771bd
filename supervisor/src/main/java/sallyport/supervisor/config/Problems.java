package sallyport.supervisor.config;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the problems of one reading.
final class Problems {
    private final String file;
    private final String absoluteFile;
    private final List<Problem> found = new ArrayList<>();

    /// @param file as the operator named it
    /// @param absoluteFile as the parser names it in origins
    Problems(String file, String absoluteFile) {
        this.file = file;
        this.absoluteFile = absoluteFile;
    }

    void add(@Nullable ConfigOrigin origin, String key, String what, String fix) {
        int line = origin == null ? 0 : Math.max(0, origin.lineNumber());
        found.add(new Problem(fileOf(origin), line, key, what, fix));
    }

    boolean isEmpty() {
        return found.isEmpty();
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
