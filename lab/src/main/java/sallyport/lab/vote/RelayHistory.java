package sallyport.lab.vote;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Item;
import sallyport.engine.netdoc.Values;

/// What an authority remembers of a relay, as its vote's `stats` line tells it (dir-spec 3.4.1).
///
/// @param uptime the weighted fraction of its time in which it ran, in millionths
/// @param knownSeconds for how long it has been known, weighted
/// @param betweenFailuresSeconds how long it runs on the average before it fails
public record RelayHistory(long uptime, long knownSeconds, long betweenFailuresSeconds) {
    private static final long MILLION = 1_000_000;
    private static final String UPTIME = "wfu=";
    private static final String KNOWN = "tk=";
    private static final String BETWEEN_FAILURES = "mtbf=";

    /// Null where the line is absent or not C tor's: nothing but people reads it.
    static @Nullable RelayHistory of(@Nullable Item line) {
        try {
            List<String> values = line == null ? List.of() : line.arguments();
            if (values.size() != 3) {
                return null;
            }
            String uptime = value(values.get(0), UPTIME);
            int point = uptime.indexOf('.');
            if (point < 0 || uptime.length() != point + 7) {
                return null;
            }
            return new RelayHistory(
                    number(uptime.substring(0, point)) * MILLION + number(uptime.substring(point + 1)),
                    number(value(values.get(1), KNOWN)),
                    number(value(values.get(2), BETWEEN_FAILURES)));
        } catch (Malformed e) {
            return null;
        }
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%s%d.%06d %s%d %s%d",
                UPTIME,
                uptime / MILLION,
                uptime % MILLION,
                KNOWN,
                knownSeconds,
                BETWEEN_FAILURES,
                betweenFailuresSeconds);
    }

    private static String value(String pair, String name) throws Malformed {
        if (!pair.startsWith(name)) {
            throw new Malformed("another value");
        }
        return pair.substring(name.length());
    }

    private static long number(String text) throws Malformed {
        return Values.number(text, 0, Long.MAX_VALUE);
    }
}
