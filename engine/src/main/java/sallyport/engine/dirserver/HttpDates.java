package sallyport.engine.dirserver;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Dates in HTTP headers (RFC 9110, "Date/Time Formats").
final class HttpDates {
    private static final DateTimeFormatter RFC_1123 =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
    // RFC 9110: "a timestamp that appears to be more than 50 years in the future" is one of the past; C tor takes
    // years below 70 for this century's.
    private static final int TWO_DIGIT_YEARS_FROM = 1970;
    private static final DateTimeFormatter RFC_850 = new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, TWO_DIGIT_YEARS_FROM)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.US);
    private static final DateTimeFormatter ASCTIME = DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.US);
    private static final List<DateTimeFormatter> ALL = List.of(RFC_1123, RFC_850, ASCTIME);

    private HttpDates() {}

    static String format(Instant when) {
        return RFC_1123.format(when.atOffset(ZoneOffset.UTC));
    }

    /// Null for what is none of the three formats: C tor then acts as if the header were absent.
    static @Nullable Instant parse(String text) {
        // asctime pads the day with a space.
        String single = text.strip().replace("  ", " ");
        for (DateTimeFormatter format : ALL) {
            try {
                return LocalDateTime.parse(single, format).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                // The next format may fit.
            }
        }
        return null;
    }
}
