package sallyport.engine.identity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The file `state` beside the keys: lines of a keyword and a value, as in C tor's file of that name. Whoever changes
/// some holds the lock of the keys; the other lines, C tor's own among them, stay.
final class StateFile {
    private static final String NAME = "state";

    private StateFile() {}

    static List<String> lines(KeyFiles relay) throws KeyFileException {
        return relay.read(NAME)
                .map(content ->
                        new String(content, StandardCharsets.UTF_8).lines().toList())
                .orElse(List.of());
    }

    /// Puts `fresh` in the place of all lines that begin with one of these keywords.
    static void replace(KeyFiles relay, List<String> keywords, List<String> fresh) throws KeyFileException {
        List<String> lines = new ArrayList<>(lines(relay));
        lines.removeIf(line -> keywords.stream().anyMatch(line::startsWith));
        lines.addAll(fresh);
        relay.write(NAME, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
