package sallyport.supervisor.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One value of the file with its place. A reading that fails adds a problem and answers null.
record Value(String key, ConfigValue raw, Problems problems) {
    void problem(String what, String fix) {
        problems.add(raw.origin(), key, what, fix);
    }

    /// A string, or a number or boolean as it stands in the file.
    @Nullable
    String text(String example) {
        return switch (raw.valueType()) {
            // The wrapped getter keeps a number as it was written: `007` stays `007`.
            case STRING, NUMBER, BOOLEAN -> raw.atKey("v").getString("v");
            case OBJECT, LIST, NULL -> {
                problem("is " + kind() + ", not text", "write " + example);
                yield null;
            }
        };
    }

    @Nullable
    Boolean flag() {
        if (raw.valueType() == ConfigValueType.BOOLEAN) {
            return (Boolean) raw.unwrapped();
        }
        String text =
                raw.valueType() == ConfigValueType.STRING ? ((String) raw.unwrapped()).toLowerCase(Locale.ROOT) : "";
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        problem("is " + shown() + ", not true or false", "write true or false");
        return null;
    }

    /// A TCP port, 1 to 65535.
    @Nullable
    Integer port() {
        String text = switch (raw.valueType()) {
            case NUMBER, STRING -> raw.atKey("v").getString("v");
            case OBJECT, LIST, NULL, BOOLEAN -> "";
        };
        Integer port = Ports.parse(text);
        if (port == null) {
            problem("is " + shown() + ", not a port", "write a whole number from 1 to 65535");
        }
        return port;
    }

    @Nullable
    Integer wholeNumber(int min, int max) {
        String text = switch (raw.valueType()) {
            case NUMBER, STRING -> raw.atKey("v").getString("v");
            case OBJECT, LIST, NULL, BOOLEAN -> "";
        };
        if (text.matches("[0-9]{1,10}")) {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return (int) number;
            }
        }
        problem("is " + shown() + ", not such a number", "write a whole number from " + min + " to " + max);
        return null;
    }

    /// With its unit, so that nobody means seconds and gets milliseconds.
    @Nullable
    Duration duration(Duration min, Duration max) {
        Duration duration = null;
        if (raw.valueType() == ConfigValueType.STRING && !((String) raw.unwrapped()).matches("[0-9. ]*")) {
            try {
                duration = raw.atKey("v").getDuration("v");
            } catch (ConfigException e) {
                // Said below, in our words.
            }
        }
        if (duration == null) {
            problem("is " + shown() + ", not a time", "write a number with its unit, as 30 s, 10 m or 1 d");
            return null;
        }
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            problem("is " + shown() + ", out of bounds", "write " + inWords(min) + " to " + inWords(max));
            return null;
        }
        return duration;
    }

    private static String inWords(Duration duration) {
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + " ms";
        }
        boolean days = duration.isPositive()
                && duration.toSeconds() % Duration.ofDays(1).toSeconds() == 0;
        return days ? duration.toDays() + " d" : duration.toSeconds() + " s";
    }

    /// Bytes, at least `least`, written with a unit: `10 MiB`, `500 kB`.
    ///
    /// @param why for whom less is too little, as "less than relays can work with"
    @Nullable
    Long size(long least, String leastShown, String why) {
        long bytes;
        try {
            bytes = raw.atKey("v").getBytes("v");
        } catch (ConfigException e) {
            problem("is " + shown() + ", not a size", "write a number with its unit, as 512 MiB");
            return null;
        }
        if (bytes < least) {
            problem("is " + shown() + ", " + why, "write " + leastShown + " or more");
            return null;
        }
        return bytes;
    }

    /// One of some words; what it means otherwise for anything else, with a problem.
    <T> T word(Map<String, T> words, T otherwise) {
        Set<String> sorted = new TreeSet<>(words.keySet());
        String text = text(String.join(" or ", sorted));
        if (text == null) {
            return otherwise;
        }
        T meant = words.get(text.toLowerCase(Locale.ROOT));
        if (meant == null) {
            String nearest = Spelling.nearest(text, sorted);
            problem(
                    "is " + shown() + ", which it cannot be",
                    nearest == null ? "write one of " + String.join(", ", sorted) : "did you mean " + nearest + "?");
            return otherwise;
        }
        return meant;
    }

    /// A list of texts; one text alone counts as a list of one. Elements that are no text are problems
    /// and left out.
    List<Value> list() {
        if (!(raw instanceof ConfigList list)) {
            return List.of(this);
        }
        List<Value> elements = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            elements.add(new Value(key + "[" + i + "]", list.get(i), problems));
        }
        return elements;
    }

    @Nullable
    Section section(String example) {
        if (raw instanceof ConfigObject object) {
            return new Section(key, object, problems);
        }
        problem("is " + shown() + ", not a section", "write " + example);
        return null;
    }

    /// The value for a message: a text quoted, anything else by its kind.
    String shown() {
        return switch (raw.valueType()) {
            case STRING, NUMBER, BOOLEAN -> Printable.quoted(raw.atKey("v").getString("v"));
            case OBJECT, LIST, NULL -> kind();
        };
    }

    private String kind() {
        return switch (raw.valueType()) {
            case OBJECT -> "a section";
            case LIST -> "a list";
            case NULL -> "null";
            case STRING -> "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
        };
    }
}
