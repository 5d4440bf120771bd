package sallyport.supervisor.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the operator wrote beside the keys of a section, in its `notes { KEY = "..." }`: why a value is
/// what it is, since when, and what it was seen to do. Shown by `config effective` and `config explain`;
/// no relay knows of it.
///
/// @param texts by key within the section, in one line each
record Notes(Map<String, String> texts) {
    static final String KEY = "notes";
    static final Notes NONE = new Notes(Map.of());
    // Ours: a page of text; more belongs into the message of a commit.
    private static final int LENGTH_MAX = 2_000;
    private static final String WHY = "why";
    private static final String WHEN = "when";
    private static final String EFFECT = "effect";
    private static final Set<String> FIELDS = Set.of(WHY, WHEN, EFFECT);
    private static final String EXAMPLE = "\"why\", or { why = \"...\", when = 2026-05-01, effect = \"...\" }";

    Notes {
        texts = Map.copyOf(texts);
    }

    /// Those of a section with keys of relays.
    ///
    /// @param owner what stands before the section's own keys in their full names, as `groups.NAME.`;
    /// empty where it has none
    static Notes ofRelays(Section section, String owner) {
        List<String> keys = new ArrayList<>(names(ConfigKey.RELAY_PREFIX));
        keys.addAll(owner.isEmpty() ? List.of() : names(owner));
        return new Reader(keys).read(section);
    }

    /// Those of the file itself, on keys of the process and of what stands below them.
    static Notes ofFile(Section file) {
        return new Reader(names("").stream()
                        .filter(key -> !key.startsWith(ConfigKey.RELAY_PREFIX))
                        .toList())
                .read(file);
    }

    /// Empty where the key has none.
    String on(String key) {
        return texts.getOrDefault(key, "");
    }

    /// What a section says of one of its keys, whether or not it is good; empty where it says nothing.
    static String unjudged(ConfigObject section, String key) {
        ConfigValue value = Layer.at(section, KEY + "." + key);
        return value == null || !isNote(value) ? "" : Printable.line(text(value));
    }

    private static List<String> names(String prefix) {
        return ConfigKey.all().stream()
                .map(ConfigKey::name)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(name -> !name.equals(KEY))
                .toList();
    }

    private static boolean isNote(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING
                || (value instanceof ConfigObject fields && !fields.isEmpty() && FIELDS.containsAll(fields.keySet()));
    }

    private static String text(ConfigValue value) {
        if (!(value instanceof ConfigObject fields)) {
            return words(value);
        }
        List<String> parts = new ArrayList<>();
        for (String field : List.of(WHY, WHEN, EFFECT)) {
            ConfigValue part = fields.get(field);
            if (part != null) {
                parts.add((field.equals(WHY) ? "" : field.equals(WHEN) ? "since " : "effect: ") + words(part));
            }
        }
        return String.join("; ", parts);
    }

    /// However many lines it has in the file.
    private static String words(ConfigValue value) {
        return String.valueOf(value.unwrapped()).strip().replaceAll("\\s+", " ");
    }

    /// Reads the notes of one section; never shows a note's text in a problem, for problems reach the log.
    private static final class Reader {
        private final List<List<String>> known;
        private final Map<String, String> texts = new TreeMap<>();

        Reader(List<String> names) {
            this.known = names.stream().map(Reader::elements).toList();
        }

        Notes read(Section section) {
            Value value = section.optional(KEY);
            Section notes = value == null ? null : value.section("notes { KEY = " + EXAMPLE + " }");
            if (value != null && notes != null) {
                for (String key : new TreeSet<>(notes.object().keySet())) {
                    read(below(value, notes.object(), key), List.of(key));
                }
            }
            return texts.isEmpty() ? NONE : new Notes(texts);
        }

        private void read(Value value, List<String> path) {
            boolean isKey = known.stream().anyMatch(key -> key.size() == path.size() && begins(key, path));
            boolean isAbove = known.stream().anyMatch(key -> key.size() > path.size() && begins(key, path));
            if (isKey && isNote(value.raw())) {
                check(value);
                texts.put(String.join(".", path), Printable.line(text(value.raw())));
            } else if (isAbove && value.raw() instanceof ConfigObject section) {
                for (String key : new TreeSet<>(section.keySet())) {
                    List<String> longer = new ArrayList<>(path);
                    longer.add(key);
                    read(below(value, section, key), longer);
                }
            } else if (isKey || isAbove) {
                value.problem("is no note", "write " + EXAMPLE);
            } else {
                String nearest = nearest(path);
                value.problem(
                        "is a note on a key that does not exist here",
                        nearest == null
                                ? "name a key as it stands in this section; `sallyport config explain` lists them"
                                : "did you mean " + nearest + "?");
            }
        }

        private void check(Value value) {
            String text = text(value.raw());
            if (text.isEmpty() || text.length() > LENGTH_MAX) {
                value.problem(
                        text.isEmpty() ? "is empty" : "is longer than " + LENGTH_MAX + " characters",
                        "write in a line or two why, since when, and with which effect");
            }
            ConfigValue when = value.raw() instanceof ConfigObject fields ? fields.get(WHEN) : null;
            if (when != null && !isDate(String.valueOf(when.unwrapped()))) {
                value.problem("has a time in " + WHEN + " that is none", "write a day, as 2026-05-01");
            }
        }

        private @Nullable String nearest(List<String> path) {
            Set<String> here = new LinkedHashSet<>();
            for (List<String> key : known) {
                List<String> named = new ArrayList<>(key);
                int name = key.indexOf(ConfigKey.NAME);
                if (name >= 0 && name < path.size()) {
                    named.set(name, path.get(name));
                }
                here.add(String.join(".", named));
            }
            return Spelling.nearest(String.join(".", path), here);
        }

        private static boolean isDate(String text) {
            try {
                LocalDate.parse(text);
                return true;
            } catch (DateTimeException e) {
                return false;
            }
        }

        private static Value below(Value value, ConfigObject section, String key) {
            return new Value(value.key() + "." + key, Objects.requireNonNull(section.get(key)), value.problems());
        }

        /// Whether a key's first elements are these; the operator's names are any.
        private static boolean begins(List<String> key, List<String> path) {
            for (int i = 0; i < path.size(); i++) {
                if (!key.get(i).equals(path.get(i)) && !key.get(i).equals(ConfigKey.NAME)) {
                    return false;
                }
            }
            return true;
        }

        private static List<String> elements(String key) {
            return Arrays.asList(key.split("\\.", -1));
        }
    }
}
