package sallyport.supervisor.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One `{ ... }` of the file. Whoever reads it takes its keys one by one and then calls [#finish], which makes every
/// key
/// that nobody took a problem.
final class Section {
    private final String path;
    private final ConfigObject object;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> alsoMeant = new LinkedHashSet<>();

    /// @param path full key of this section; empty for the file itself
    Section(String path, ConfigObject object, Problems problems) {
        this.path = path;
        this.object = object;
        this.problems = problems;
    }

    /// The value of a key; null when it is missing or set to null, which in HOCON means the same.
    @Nullable
    Value optional(String key) {
        known.add(key);
        ConfigValue raw = object.get(key);
        return raw == null || raw.valueType() == ConfigValueType.NULL ? null : new Value(keyOf(key), raw, problems);
    }

    /// The value of a key that must be there; null, with a problem, when it is missing.
    @Nullable
    Value required(String key, String example) {
        Value value = optional(key);
        if (value == null) {
            problem(keyOf(key), "is missing", "add " + key + " = " + example);
        }
        return value;
    }

    /// A problem of the section itself.
    void problem(String key, String what, String fix) {
        problems.add(object.origin(), key, what, fix);
    }

    boolean flag(String key, boolean otherwise) {
        Value value = optional(key);
        Boolean flag = value == null ? null : value.flag();
        return flag == null ? otherwise : flag;
    }

    Duration duration(String key, Duration min, Duration max, Duration otherwise) {
        Value value = optional(key);
        Duration duration = value == null ? null : value.duration(min, max);
        return duration == null ? otherwise : duration;
    }

    /// Keys that were taken elsewhere, and may be what a misspelled one means.
    void alsoKnows(Set<String> keys) {
        alsoMeant.addAll(keys);
    }

    /// All keys of a section whose keys are names that the operator chose, by name.
    List<String> names() {
        known.addAll(object.keySet());
        return object.keySet().stream().sorted().toList();
    }

    /// Its full key.
    String path() {
        return path;
    }

    ConfigObject object() {
        return object;
    }

    /// Where what is wrong with it goes.
    Problems problems() {
        return problems;
    }

    /// Makes every key that was not asked for a problem.
    void finish() {
        Set<String> meant = new LinkedHashSet<>(alsoMeant);
        meant.addAll(known);
        for (String key : object.keySet()) {
            if (!known.contains(key)) {
                if (alsoMeant.contains(key)) {
                    problems.add(object.get(key).origin(), keyOf(key), "does not belong here", "move it to its group");
                    continue;
                }
                String nearest = Spelling.nearest(key, meant);
                problems.add(
                        object.get(key).origin(),
                        keyOf(key),
                        "is not a known key",
                        nearest == null
                                ? "remove it, or use one of " + String.join(", ", meant)
                                : "did you mean " + nearest + "?");
            }
        }
    }

    /// The full path of a key of this section.
    String keyOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
