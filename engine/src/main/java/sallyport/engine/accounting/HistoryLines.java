package sallyport.engine.accounting;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A [BandwidthHistory] as lines of C tor's `state` file: when the running day ends, the length of a day, and of each
/// day, the running one last, the sum and the greatest bytes per second. Either program goes on with the other's lines.
public final class HistoryLines {
    /// What the lines begin with.
    public static final List<String> KEYWORDS =
            Stream.of(HistoryKind.values()).map(HistoryKind::kept).toList();

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    /// How long a time is as text.
    static final int TIME_LENGTH = 19;

    /// C tor rounds "down to the nearest 1k", so that no single user's traffic can be read from the figures; in its
    /// file as well, so that it tells no more than the document.
    private static final long KIB = 1024;
    // Ours: C tor keeps five and the running one; what is far more is no history.
    private static final int DAYS_READ_MAX = 100;

    private HistoryLines() {}

    /// The lines of the `state` file. Runs on: the instance's loop.
    public static List<String> of(BandwidthHistory history, Instant now, long nowNanos) {
        List<String> lines = new ArrayList<>();
        for (HistoryKind kind : HistoryKind.values()) {
            BandwidthHistory.Kept direction = history.keep(kind, nowNanos);
            if (direction != null) {
                String keyword = kind.kept();
                lines.add(keyword + "Ends " + time(now.plusSeconds(direction.secondsToEnd())));
                lines.add(keyword + "Interval " + BandwidthHistory.PERIOD_SECONDS);
                lines.add(keyword + "Values " + list(direction, 1));
                lines.add(keyword + "Maxima " + list(direction, BandwidthHistory.OBSERVATION_SECONDS));
            }
        }
        return lines;
    }

    /// The lines of an extra-info document (dir-spec "read-history" and its like): of each kind that has one,
    /// the finished days. As in C tor no day shows more than a limit of relayed bytes allows, or whoever knows
    /// the limit would know how much the relay used itself. From any thread.
    ///
    /// @param relayedBytesPerSecondMax `Long.MAX_VALUE` where there is no limit
    public static List<String> published(
            BandwidthHistory history, Instant now, long nowNanos, long relayedBytesPerSecondMax) {
        long most = relayedBytesPerSecondMax > Long.MAX_VALUE / BandwidthHistory.PERIOD_SECONDS
                ? Long.MAX_VALUE
                : relayedBytesPerSecondMax * BandwidthHistory.PERIOD_SECONDS;
        List<String> lines = new ArrayList<>();
        for (HistoryKind kind : HistoryKind.values()) {
            BandwidthHistory.Days days = history.days(kind, nowNanos);
            if (!days.bytes().isEmpty()) {
                String sums = days.bytes().stream()
                        .map(bytes -> Long.toString(Math.min(most, floorToKib(bytes))))
                        .collect(Collectors.joining(","));
                lines.add(kind.published() + " " + time(now.minusSeconds(days.secondsSinceEnd())) + " ("
                        + BandwidthHistory.PERIOD_SECONDS + " s) " + sums);
            }
        }
        return lines;
    }

    /// The reverse of the other.
    static Instant time(String text) {
        return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    }

    /// `2026-11-21 12:34:56`, UTC.
    static String time(Instant time) {
        return TIME.format(time);
    }

    /// Lets a history go on where these lines end, before its first byte; other lines are ignored. Returns whether all
    /// of them can be read; if not, the history begins anew.
    public static boolean restore(List<String> lines, BandwidthHistory history, Instant now, long nowNanos) {
        Instant time = now.truncatedTo(ChronoUnit.SECONDS);
        Map<HistoryKind, BandwidthHistory.Kept> read = new EnumMap<>(HistoryKind.class);
        try {
            for (HistoryKind kind : HistoryKind.values()) {
                if (lines.stream().anyMatch(line -> line.startsWith(kind.kept()))) {
                    read.put(kind, direction(lines, kind.kept(), time));
                }
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
        read.forEach((kind, kept) -> history.restore(kind, kept, nowNanos));
        return true;
    }

    /// @param divisor 1 for sums, ten seconds for the greatest rate
    private static String list(BandwidthHistory.Kept kept, int divisor) {
        return kept.days().stream()
                .map(day -> rounded(divisor == 1 ? day.bytes() : day.greatestWindow() / divisor))
                .collect(Collectors.joining(","));
    }

    private static String rounded(long bytes) {
        return Long.toString(floorToKib(bytes));
    }

    private static long floorToKib(long bytes) {
        return bytes / KIB * KIB;
    }

    private static BandwidthHistory.Kept direction(List<String> lines, String keyword, Instant now) {
        Instant ends = time(value(lines, keyword + "Ends "));
        if (number(value(lines, keyword + "Interval ")) != BandwidthHistory.PERIOD_SECONDS) {
            throw new IllegalArgumentException("another interval");
        }
        List<Long> sums = numbers(value(lines, keyword + "Values "));
        List<Long> rates = numbers(value(lines, keyword + "Maxima "));
        if (sums.size() != rates.size()) {
            throw new IllegalArgumentException("a day without its rate");
        }
        List<BandwidthHistory.Day> days = new ArrayList<>();
        for (int i = 0; i < sums.size(); i++) {
            days.add(new BandwidthHistory.Day(sums.get(i), rates.get(i) * BandwidthHistory.OBSERVATION_SECONDS));
        }
        return new BandwidthHistory.Kept(Duration.between(now, ends).toSeconds(), days);
    }

    private static String value(List<String> lines, String keyword) {
        return lines.stream()
                .filter(line -> line.startsWith(keyword))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a line is missing"))
                .substring(keyword.length())
                .strip();
    }

    private static List<Long> numbers(String text) {
        String[] words = text.split(",", -1);
        if (words.length > DAYS_READ_MAX) {
            throw new IllegalArgumentException("too many days");
        }
        List<Long> numbers = new ArrayList<>();
        for (String word : words) {
            numbers.add(number(word));
        }
        return numbers;
    }

    private static long number(String text) {
        long number = Long.parseLong(text);
        if (number < 0 || number > Long.MAX_VALUE / KIB) {
            throw new IllegalArgumentException("no number of bytes");
        }
        return number;
    }
}
