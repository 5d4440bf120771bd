package sallyport.supervisor.screen;

import java.time.Duration;
import java.util.Locale;

/// Numbers in few columns.
final class Units {
    private static final String PREFIXES = "KMGTP";

    private Units() {}

    /// Five columns at most: `0`, `999`, `1.5K`, `12M`, `1023M`. The prefixes are powers of 1024.
    static String bytes(long bytes) {
        if (bytes < 1024) {
            return Long.toString(bytes);
        }
        double value = bytes;
        int prefix = -1;
        while (value >= 1023.5 && prefix < PREFIXES.length() - 1) {
            value /= 1024;
            prefix++;
        }
        String number = value < 9.95 ? String.format(Locale.ROOT, "%.1f", value) : Long.toString(Math.round(value));
        return number + PREFIXES.charAt(prefix);
    }

    /// Four columns at most: `59s`, `59m`, `23h`, `999d`.
    static String time(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        if (time.toMinutes() == 0) {
            return seconds + "s";
        }
        if (time.toHours() == 0) {
            return time.toMinutes() + "m";
        }
        return time.toDays() == 0 ? time.toHours() + "h" : time.toDays() + "d";
    }

    /// Five columns at most: `99999`, `100K`.
    static String count(long count) {
        return count < 100_000 ? Long.toString(count) : count / 1000 + "K";
    }
}
