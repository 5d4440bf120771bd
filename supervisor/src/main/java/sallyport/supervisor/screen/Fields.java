package sallyport.supervisor.screen;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object that may lack anything: what is missing, null or of another kind reads as empty, zero or false.
public record Fields(Map<?, ?> object) {
    private static final Fields NONE = new Fields(Map.of());

    public String text(String name) {
        Object value = object.get(name);
        return value == null ? "" : String.valueOf(value);
    }

    public long number(String name) {
        return object.get(name) instanceof Number number ? number.longValue() : 0;
    }

    public boolean has(String name) {
        return object.get(name) != null;
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(object.get(name));
    }

    public Fields in(String name) {
        return of(object.get(name));
    }

    public List<Fields> all(String name) {
        return object.get(name) instanceof List<?> list
                ? list.stream().map(Fields::of).toList()
                : List.of();
    }

    public List<String> texts(String name) {
        return object.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Fields of(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? new Fields(map) : NONE;
    }
}
