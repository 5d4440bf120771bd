package sallyport.supervisor.metrics;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A text in the format of Prometheus, version 0.0.4. Samples of one name stand together, whatever order they come in.
final class Exposition {
    enum MetricType {
        COUNTER,
        GAUGE;

        private String word() {
            return this == COUNTER ? "counter" : "gauge";
        }
    }

    private final Map<String, StringBuilder> families = new LinkedHashMap<>();

    /// Adds a sample.
    ///
    /// @param help of the name; that of its first sample counts
    /// @param labels names and values in turn; values may be any text
    Exposition add(String name, MetricType type, String help, long value, String... labels) {
        StringBuilder family = families.computeIfAbsent(
                name,
                _ -> new StringBuilder("# HELP " + name + " " + help + "\n# TYPE " + name + " " + type.word() + "\n"));
        family.append(name);
        if (labels.length > 0) {
            family.append('{');
            for (Iterator<String> each = List.of(labels).iterator(); each.hasNext(); ) {
                family.append(each.next())
                        .append("=\"")
                        .append(escaped(each.next()))
                        .append(each.hasNext() ? "\"," : "\"");
            }
            family.append('}');
        }
        family.append(' ').append(value).append('\n');
        return this;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return String.join("", families.values());
    }
}
