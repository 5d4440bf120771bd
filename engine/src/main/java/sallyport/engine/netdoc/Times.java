package sallyport.engine.netdoc;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import sallyport.engine.bytes.Malformed;

/// The documents' only form of time: `YYYY-MM-DD HH:MM:SS`, UTC.
public final class Times {
    private static final int LENGTH = 19;
    private static final String SHAPE = "dddd-dd-dd dd:dd:dd";

    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Times() {}

    /// `2026-11-21 12:34:56`, UTC.
    public static String text(Instant time) {
        return TEXT.format(time);
    }

    /// The time a text states.
    public static Instant parse(String text) throws Malformed {
        if (text.length() != LENGTH) {
            throw new Malformed("not a time");
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            char wanted = SHAPE.charAt(i);
            if (wanted == 'd' ? c < '0' || c > '9' : c != wanted) {
                throw new Malformed("not a time");
            }
        }
        try {
            int year = number(text, 0, 4);
            if (year < 1970) {
                throw new Malformed("a time before all times");
            }
            return LocalDateTime.of(
                            year, number(text, 5, 7), number(text, 8, 10), number(text, 11, 13), number(text, 14, 16))
                    // A leap second is the last of its minute plus one, as C tor counts.
                    .plusSeconds(seconds(text))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new Malformed("not a time");
        }
    }

    private static int seconds(String text) throws Malformed {
        int seconds = number(text, 17, 19);
        if (seconds > 60) {
            throw new Malformed("not a time");
        }
        return seconds;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
