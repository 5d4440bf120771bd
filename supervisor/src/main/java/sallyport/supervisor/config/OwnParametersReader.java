package sallyport.supervisor.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what an operator may set instead of what the authorities vote: `dos { ... }` and some keys of `process { ...
/// }`.
/// Absent is voted.
final class OwnParametersReader {
    private static final int DOS_PERIOD_SECONDS_MIN = 10;
    // Ours: the table of addresses is emptied long before.
    private static final Duration DOS_PERIOD_MAX = Duration.ofDays(30);
    // Specification: param-spec, 8192 hours.
    private static final Duration CONSENSUS_AGE_MAX = Duration.ofHours(8_192);
    private static final String DETECT = "detect";

    private final Map<String, Integer> set = new LinkedHashMap<>();

    /// By the names of the consensus' parameters (param-spec, dos-spec).
    Map<String, Integer> read() {
        return set;
    }

    /// @param dos null where the file has none
    void dos(@Nullable Section dos) {
        if (dos == null) {
            return;
        }
        Section circuits = inner(dos, "circuits");
        if (circuits != null) {
            flag(circuits, "limit");
            count(circuits, "rate");
            count(circuits, "burst");
            count(circuits, "min-connections");
            choice(circuits, "defense", List.of(DETECT, "refuse"));
            seconds(circuits, "defense-period", 0);
            circuits.finish();
        }
        Section connections = inner(dos, "connections");
        if (connections != null) {
            flag(connections, "limit");
            count(connections, "max");
            count(connections, "rate");
            count(connections, "burst");
            choice(connections, "defense", List.of(DETECT, "close"));
            seconds(connections, "defense-period", DOS_PERIOD_SECONDS_MIN);
            connections.finish();
        }
        Section streams = inner(dos, "streams");
        if (streams != null) {
            flag(streams, "limit");
            count(streams, "rate");
            count(streams, "burst");
            choice(streams, "defense", List.of(DETECT, "refuse", "close-circuit"));
            streams.finish();
        }
        flag(dos, "refuse-single-hop-rendezvous");
        dos.finish();
    }

    /// @param process who reads the rest of it finishes it
    void process(Section process) {
        flag(process, "conflux");
        flag(process, "refuse-unknown-exits");
        milliseconds(process, "onion-queue-delay-max");
        milliseconds(process, "circuit-priority-halflife");
        hours(process, "consensus-diff-age-max");
    }

    private static @Nullable Section inner(Section section, String key) {
        Value value = section.optional(key);
        return value == null ? null : value.section(key + " { limit = true }");
    }

    private void flag(Section section, String key) {
        Value value = section.optional(key);
        Boolean flag = value == null ? null : value.flag();
        if (flag != null) {
            set.put(OwnParameters.of(section.keyOf(key)), flag ? 1 : 0);
        }
    }

    /// Numbered from 1, as the parameter is.
    private void choice(Section section, String key, List<String> words) {
        Value value = section.optional(key);
        String text = value == null ? null : value.text(words.getLast());
        if (value == null || text == null) {
            return;
        }
        int at = words.indexOf(text);
        if (at < 0) {
            value.problem("is " + value.shown() + ", not one of its words", "write " + String.join(" or ", words));
        } else {
            set.put(OwnParameters.of(section.keyOf(key)), at + 1);
        }
    }

    private void count(Section section, String key) {
        Value value = section.optional(key);
        Integer count = value == null ? null : value.wholeNumber(1, Integer.MAX_VALUE);
        if (count != null) {
            set.put(OwnParameters.of(section.keyOf(key)), count);
        }
    }

    private void seconds(Section section, String key, int min) {
        Value value = section.optional(key);
        Duration duration = value == null ? null : value.duration(Duration.ofSeconds(min), DOS_PERIOD_MAX);
        if (duration != null) {
            set.put(OwnParameters.of(section.keyOf(key)), (int) duration.toSeconds());
        }
    }

    private void hours(Section section, String key) {
        Value value = section.optional(key);
        Duration duration = value == null ? null : value.duration(Duration.ZERO, CONSENSUS_AGE_MAX);
        if (duration != null) {
            set.put(OwnParameters.of(section.keyOf(key)), (int) duration.toHours());
        }
    }

    private void milliseconds(Section section, String key) {
        Value value = section.optional(key);
        Duration duration = value == null ? null : value.duration(Duration.ofMillis(1), Duration.ofMinutes(1));
        if (duration != null) {
            set.put(OwnParameters.of(section.keyOf(key)), (int) duration.toMillis());
        }
    }
}
