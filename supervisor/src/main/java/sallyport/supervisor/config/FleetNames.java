package sallyport.supervisor.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The names that an operator gives to pools, hosts and groups.
final class FleetNames {
    // Ours: a group's name is the beginning of ids of relays, which are at most 64 characters; a host may have dots.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,49}");
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,49}");

    private FleetNames() {}

    static void checkName(String name, Value value) {
        check(NAME, name, value, "1 to 50 letters, digits, '.', '-' and '_'");
    }

    /// The name of a group; where it cannot be one, another for whoever reads on.
    static String group(String name, Value value) {
        return check(GROUP, name, value, "1 to 50 letters, digits, '-' and '_'")
                ? name
                : "g" + Integer.toHexString(name.hashCode());
    }

    /// The names that a key lists, each of which has to be known.
    ///
    /// @param kind as `pool`
    static List<String> known(Value value, Collection<String> known, String kind) {
        List<String> names = new ArrayList<>();
        List<Value> elements = value.list();
        if (elements.isEmpty()) {
            value.problem("is an empty list", "name a " + kind + ", one of " + String.join(", ", known));
        }
        for (Value element : elements) {
            String name = element.text("the name of a " + kind);
            if (name == null) {
                continue;
            }
            if (!known.contains(name)) {
                // Where none of them could be read, this one may well be there.
                if (!value.problems().isOf(kind + "s")) {
                    element.problem("is " + element.shown() + ", which is no " + kind, nearest(name, known, kind));
                }
            } else if (names.contains(name)) {
                element.problem("names " + kind + " " + name + " twice", "remove one of them");
            } else {
                names.add(name);
            }
        }
        return names;
    }

    private static String nearest(String name, Collection<String> known, String kind) {
        Set<String> sorted = new TreeSet<>(known);
        @Nullable String nearest = Spelling.nearest(name, sorted);
        if (nearest != null) {
            return "did you mean " + nearest + "?";
        }
        return sorted.isEmpty() ? "add the " + kind : "add it, or name one of " + String.join(", ", sorted);
    }

    private static boolean check(Pattern pattern, String name, Value value, String form) {
        if (pattern.matcher(name).matches()) {
            return true;
        }
        value.problem("has the name " + Printable.quoted(name), "write a name of " + form);
        return false;
    }
}
