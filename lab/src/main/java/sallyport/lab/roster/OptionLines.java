package sallyport.lab.roster;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Options as they stand in a torrc, with C tor's units; of one that stands twice the last counts.
final class OptionLines {
    private static final int KIBI = 1024;
    private static final Map<String, Long> SECONDS = Map.of(
            "second", 1L, "minute", 60L, "hour", 3_600L, "day", 86_400L, "week", 7L * 86_400, "msec", 0L, "", 1L);
    private static final Map<String, Long> BYTES = Map.of(
            "byte",
            1L,
            "kb",
            (long) KIBI,
            "kbyte",
            (long) KIBI,
            "mb",
            (long) KIBI * KIBI,
            "mbyte",
            (long) KIBI * KIBI,
            "gb",
            (long) KIBI * KIBI * KIBI,
            "gbyte",
            (long) KIBI * KIBI * KIBI,
            "",
            1L);

    private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    OptionLines(List<String> defaults, List<String> lines) {
        defaults.forEach(this::put);
        lines.forEach(this::put);
    }

    private void put(String line) {
        String[] parts = line.strip().split("\\s+", 2);
        values.put(parts[0], parts.length > 1 ? parts[1] : "");
    }

    @Nullable
    String text(String name) {
        return values.get(name);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    boolean on(String name, boolean otherwise) {
        String value = text(name, otherwise ? "1" : "0");
        return switch (value) {
            case "1" -> true;
            case "0" -> false;
            default -> throw refused(name);
        };
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        try {
            return value == null ? otherwise : Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            throw refused(name);
        }
    }

    double fraction(String name, double otherwise) {
        String value = values.get(name);
        try {
            double fraction = value == null ? otherwise : Double.parseDouble(value);
            if (!(fraction >= 0 && fraction <= 1)) {
                throw refused(name);
            }
            return fraction;
        } catch (NumberFormatException e) {
            throw refused(name);
        }
    }

    /// `N UNIT`.
    Duration interval(String name, String otherwise) {
        return Duration.ofSeconds(measure(name, otherwise, SECONDS));
    }

    /// `N UNIT`, where a KB has 1,024 bytes.
    long bytes(String name, String otherwise) {
        return measure(name, otherwise, BYTES);
    }

    private long measure(String name, String otherwise, Map<String, Long> units) {
        String[] parts = text(name, otherwise).split("\\s+", 2);
        String unit = parts.length > 1 ? parts[1].toLowerCase(Locale.ROOT) : "";
        Long factor = units.get(unit);
        if (factor == null && unit.endsWith("s")) {
            factor = units.get(unit.substring(0, unit.length() - 1));
        }
        try {
            if (factor != null) {
                return Math.multiplyExact(Long.parseUnsignedLong(parts[0]), factor);
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // Falls to the refusal, which names the option.
        }
        throw refused(name);
    }

    static IllegalArgumentException refused(String name) {
        return new IllegalArgumentException("the value of " + name);
    }
}
