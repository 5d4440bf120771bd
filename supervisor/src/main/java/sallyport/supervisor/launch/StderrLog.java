package sallyport.supervisor.launch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Log;
import sallyport.supervisor.admin.Json;
import sallyport.supervisor.admin.LogRooms;
import sallyport.supervisor.config.Printable;

/// The log on stderr, one line an event.
///
/// A line that comes again at once is counted instead, and the count is told before the next other line,
/// or after a minute. Thread-safe.
///
/// On a terminal or in a pipe: `2026-11-21T22:30:00Z INFO sally1 text`, UTC, `-` where no relay is meant.
/// Under systemd: `<6>sally1 text`; the journal knows the time, and the number is the priority it files
/// the line under (sd-daemon(3)).
public final class StderrLog implements Log, AutoCloseable {
    // Ours: a line is for one reader; what is longer is a mistake of the writer.
    private static final int TEXT_CHARS_MAX = 4_000;
    // Ours: who looks shall see that it still goes on.
    private static final Duration FOLDED_MAX = Duration.ofMinutes(1);

    /// How a line begins.
    public enum Format {
        TIMESTAMP,
        JOURNAL,
        /// One JSON object a line: `time`, `level`, `relay` (empty where none is meant) and `text`.
        JSON;

        /// The journal's format when systemd connected stderr with its journal. A terminal is never the
        /// journal, even where the variable was inherited from a desktop session that runs under systemd.
        public static Format detect(Map<String, String> environment) {
            return environment.getOrDefault("JOURNAL_STREAM", "").isEmpty() || isTerminal() ? TIMESTAMP : JOURNAL;
        }

        private static boolean isTerminal() {
            try {
                String target =
                        Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
            } catch (IOException | UnsupportedOperationException e) {
                return false;
            }
        }
    }

    private final OutputStream out;
    private final InstantSource clock;
    private final Format format;
    private final Level threshold;
    private volatile @Nullable Raised raised;
    private final Map<String, Raised> rooms = new ConcurrentHashMap<>();
    // Below: under our lock.
    private @Nullable Line last;
    private Instant lastTime = Instant.EPOCH;
    private long repeated;

    private record Line(Level level, String relay, String text) {}

    /// Another threshold for a while.
    private record Raised(Level threshold, Instant until) {
        boolean lets(Level level) {
            return level.compareTo(threshold) <= 0;
        }
    }

    /// The log of this process. It never makes its caller wait; close it to see the last lines written.
    public static StderrLog ofProcess(Format format, Level threshold) {
        return new StderrLog(
                new BackgroundWriter(new FileOutputStream(FileDescriptor.err)),
                InstantSource.system(),
                format,
                threshold);
    }

    /// @param out gets each line in one write
    /// @param threshold lines below it are dropped
    StderrLog(OutputStream out, InstantSource clock, Format format, Level threshold) {
        this.out = out;
        this.clock = clock;
        this.format = format;
        this.threshold = threshold;
    }

    @Override
    public void line(Level level, String relay, String text) {
        if (!isWanted(level)) {
            return;
        }
        String safe = Printable.line(text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX));
        fold(new Line(level, Printable.line(relay), safe));
    }

    /// Uses another threshold until then; after that the old one counts again.
    void raise(Level other, Duration duration) {
        raised = new Raised(other, clock.instant().plus(duration));
    }

    /// The same for lines of one room alone.
    void raise(String room, Level other, Duration duration) {
        rooms.put(room, new Raised(other, clock.instant().plus(duration)));
    }

    private boolean isWanted(Level level) {
        boolean wanted = level.compareTo(threshold()) <= 0;
        if (rooms.isEmpty()) {
            return wanted;
        }
        Instant now = clock.instant();
        rooms.values().removeIf(room -> !now.isBefore(room.until()));
        if (rooms.values().stream().allMatch(room -> room.lets(level) == wanted)) {
            return wanted;
        }
        Raised room = rooms.get(LogRooms.ofCaller());
        return room == null ? wanted : room.lets(level);
    }

    private Level threshold() {
        Raised now = raised;
        return now != null && clock.instant().isBefore(now.until()) ? now.threshold() : threshold;
    }

    private synchronized void fold(Line line) {
        Instant now = clock.instant();
        if (line.equals(last) && now.isBefore(lastTime.plus(FOLDED_MAX))) {
            repeated++;
            return;
        }
        tellRepeated();
        last = line;
        lastTime = now;
        write(line);
    }

    private void tellRepeated() {
        Line before = last;
        if (repeated > 0 && before != null) {
            write(new Line(before.level(), before.relay(), "the line before came again, times: " + repeated));
            repeated = 0;
        }
    }

    private void write(Line line) {
        String who = line.relay().isEmpty() ? "-" : line.relay();
        String text = switch (format) {
            case TIMESTAMP -> now() + " " + line.level() + " " + who + " " + line.text();
            case JOURNAL ->
                "<" + priority(line.level()) + ">" + (line.relay().isEmpty() ? "" : who + " ") + line.text();
            case JSON -> json(line);
        };
        write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private String json(Line line) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("time", now());
        object.put("level", line.level().name().toLowerCase(Locale.ROOT));
        object.put("relay", line.relay());
        object.put("text", line.text());
        return Json.write(object);
    }

    @Override
    public synchronized void close() {
        tellRepeated();
        try {
            out.close();
        } catch (IOException e) {
            // As for a line: nobody reads stderr any more.
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private void write(byte[] line) {
        try {
            out.write(line);
            out.flush();
        } catch (IOException e) {
            // Nobody reads stderr any more. There is no other place to say so, and relays go on without a log.
        }
    }

    // syslog(3): LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG.
    private static int priority(Level level) {
        return switch (level) {
            case ERROR -> 3;
            case WARN -> 4;
            case INFO -> 6;
            case DEBUG -> 7;
        };
    }
}
