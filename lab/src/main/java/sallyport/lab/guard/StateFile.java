package sallyport.lab.guard;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Times;

/// C tor's `state` file as far as it has guards; either program goes on with what the other has left. Everything else
/// in it stays as it is.
///
/// @param others lines, in their order, that are not of our guards
/// @param guards of the default selection, in the order of the file
public record StateFile(List<String> others, List<KeptGuard> guards) {
    /// The name of the file, as C tor's.
    public static final String NAME = "state";
    /// Ours: C tor's are some 30 KiB.
    public static final int BYTES_MAX = 1 << 20;
    /// Of a first run.
    public static final StateFile EMPTY = new StateFile(List.of(), List.of());
    // Ours: three times what C tor samples at most, unless more is voted.
    private static final int GUARDS_MAX = 200;
    // C tor gives places beyond its largest sample to those that have none.
    private static final int UNPLACED_IDX = 1_000_000;

    private static final String KEYWORD = "Guard";
    private static final Pattern LINE = Pattern.compile("[ \t]*([^ \t]+)[ \t]*(.*)", Pattern.DOTALL);
    private static final String HEADER = "# Tor state file last generated on ";

    public StateFile {
        others = List.copyOf(others);
        guards = List.copyOf(guards);
    }

    /// These guards instead.
    public StateFile with(List<KeptGuard> other) {
        return new StateFile(others, other);
    }

    /// What is in a file. Empty where C tor would put it aside and begin anew, for a guard without a selection or an
    /// identity, and where there are more guards than anybody needs.
    public static Optional<StateFile> parse(byte[] content, Instant now) {
        List<String> others = new ArrayList<>();
        List<KeptGuard> guards = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\r?\n", -1)) {
            try {
                String value = value(line);
                KeptGuard guard = value == null ? null : GuardLine.parse(value, now, UNPLACED_IDX + guards.size());
                if (guard == null) {
                    others.add(line);
                } else if (seen.add(guard.fingerprint())) {
                    guards.add(guard);
                }
            } catch (Malformed e) {
                return Optional.empty();
            }
            if (guards.size() > GUARDS_MAX) {
                return Optional.empty();
            }
        }
        others.removeIf(line -> line.startsWith(HEADER));
        while (!others.isEmpty() && others.getLast().isBlank()) {
            others.removeLast();
        }
        return Optional.of(new StateFile(others, guards));
    }

    /// What follows the keyword of a guard's line; null for any other line.
    private static @Nullable String value(String line) {
        int remark = line.indexOf('#');
        Matcher parts = LINE.matcher(remark < 0 ? line : line.substring(0, remark));
        return parts.matches() && parts.group(1).equalsIgnoreCase(KEYWORD) ? parts.group(2) : null;
    }

    /// The file's content, written now.
    public byte[] text(Instant now) {
        StringBuilder text = new StringBuilder(HEADER).append(Times.text(now)).append(" UTC\n");
        for (String line : others) {
            text.append(line).append('\n');
        }
        for (KeptGuard guard : guards) {
            text.append(KEYWORD).append(' ').append(GuardLine.text(guard)).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
