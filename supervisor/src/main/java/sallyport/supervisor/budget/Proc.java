package sallyport.supervisor.budget;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the kernel says in `/proc`.
public final class Proc {
    // More than any file that is asked for has.
    private static final int TEXT_BYTES_MAX = 1 << 16;
    private static final Pattern OPEN_FILES =
            Pattern.compile("(?m)^Max open files\\s+(?:\\d+|unlimited)\\s+(\\d{1,18})");

    private Proc() {}

    /// The text of a small file; empty when it is not there or cannot be read. In one read: of a setting
    /// the kernel gives its first byte alone to whoever asks for no more, and nothing after it.
    public static Optional<String> text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(TEXT_BYTES_MAX), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// A setting as `net.ipv4.tcp_timestamps`.
    public static Path setting(String name) {
        return Path.of("/proc/sys", name.split("\\.", -1));
    }

    /// How many files a process may open, by its hard limit: the JVM raises its own to that. Empty when
    /// it is not known.
    public static OptionalLong openFilesMax(long pid) {
        Matcher found = OPEN_FILES.matcher(
                text(Path.of("/proc", Long.toString(pid), "limits")).orElse(""));
        return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
    }
}
