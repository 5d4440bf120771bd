package sallyport.supervisor.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where in a line a problem is: the parser of HOCON tells lines alone, so it is the key that is looked for. Knows the
/// files that it was asked about.
final class Columns {
    private final Map<String, List<String>> files = new HashMap<>();

    /// Counted from 1: that of the key in its line, or of the first letter where the key stands on another line.
    /// Where the line has the key twice, that of the first behind the section it is in. 0 where that is not clear
    /// either: a wrong column is worse than none.
    ///
    /// @param file as the parser names it
    /// @param line counted from 1
    /// @param key full path
    int of(String file, int line, String key) {
        List<String> lines = files.computeIfAbsent(file, Columns::lines);
        if (line < 1 || line > lines.size()) {
            return 0;
        }
        String text = lines.get(line - 1);
        String name = key.substring(key.lastIndexOf('.') + 1).replaceFirst("\\[[0-9]+]$", "");
        Matcher found = Pattern.compile("(?<![A-Za-z0-9_-])" + Pattern.quote(name) + "(?![A-Za-z0-9_-])")
                .matcher(text);
        if (name.isEmpty() || !found.find()) {
            return text.length() - text.stripLeading().length() + 1;
        }
        int column = found.start() + 1;
        if (!found.find()) {
            return column;
        }
        int section = section(text, key);
        return section > 0 && found.find(section) ? found.start() + 1 : 0;
    }

    /// Where the section that the key is in ends its name; 0 where the line has it not once.
    private static int section(String line, String key) {
        int end = key.lastIndexOf('.');
        if (end < 0) {
            return 0;
        }
        String name = key.substring(key.lastIndexOf('.', end - 1) + 1, end);
        Matcher found = Pattern.compile(
                        "(?<![A-Za-z0-9_-])" + Pattern.quote(name) + "(?=\"?\\s*(\\.\\s*[A-Za-z\"]|[{=:]))")
                .matcher(line);
        int after = found.find() ? found.end() : 0;
        return after > 0 && !found.find() ? after : 0;
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of();
        }
    }
}
