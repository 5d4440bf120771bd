package sallyport.engine.accounting;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A [BandwidthHistory] as lines of C tor's `state` file: when the running day ends, the length of a day, and of each
/// day, the running one last, the sum and the greatest bytes per second. Either program goes on with the other's lines.
public final class HistoryLines {
    /// What the lines begin with.
    public static final List<String> KEYWORDS = List.of("BWHistoryRead", "BWHistoryWrite");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    /// C tor writes whole KiB, so that the file tells no more than the descriptor.
    private static final long KIB = 1024;
    // Ours: C tor keeps five and the running one; what is far more is no history.
    private static final int DAYS_READ_MAX = 100;

    private HistoryLines() {}

    /// Runs on: the instance's loop.
    public static List<String> of(BandwidthHistory history, Instant now, long nowNanos) {
        List<BandwidthHistory.Kept> kept = history.keep(nowNanos);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            BandwidthHistory.Kept direction = kept.get(i);
            String keyword = KEYWORDS.get(i);
            lines.add(keyword + "Ends " + TIME.format(now.plusSeconds(direction.secondsToEnd())));
            lines.add(keyword + "Interval " + BandwidthHistory.PERIOD_SECONDS);
            lines.add(keyword + "Values " + list(direction, 1));
            lines.add(keyword + "Maxima " + list(direction, BandwidthHistory.OBSERVATION_SECONDS));
        }
        return lines;
    }

    /// Lets a history go on where these lines end, before its first byte; other lines are ignored. Returns whether they
    /// hold one; if not, the history begins anew.
    public static boolean restore(List<String> lines, BandwidthHistory history, Instant now, long nowNanos) {
        try {
            Instant time = now.truncatedTo(ChronoUnit.SECONDS);
            history.restore(direction(lines, KEYWORDS.get(0), time), direction(lines, KEYWORDS.get(1), time), nowNanos);
            return true;
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    /// @param divisor 1 for sums, ten seconds for the greatest rate
    private static String list(BandwidthHistory.Kept kept, int divisor) {
        return kept.days().stream()
                .map(day -> Long.toString((divisor == 1 ? day.bytes() : day.greatestWindow() / divisor) / KIB * KIB))
                .collect(Collectors.joining(","));
    }

    private static BandwidthHistory.Kept direction(List<String> lines, String keyword, Instant now) {
        Instant ends =
                LocalDateTime.parse(value(lines, keyword + "Ends "), TIME).toInstant(ZoneOffset.UTC);
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
