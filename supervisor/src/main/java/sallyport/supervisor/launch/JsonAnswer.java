package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.admin.Answer;
import sallyport.supervisor.admin.Json;

/// What a verb that asks no process prints with `--json`: one object in a line, as the control socket
/// answers.
final class JsonAnswer {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    JsonAnswer() {
        fields.put("schema", Answer.SCHEMA);
    }

    /// @param value what [Json] can write
    JsonAnswer with(String name, @Nullable Object value) {
        fields.put(name, value);
        return this;
    }

    void print(PrintWriter out) {
        out.println(Json.write(fields));
    }

    /// An object within.
    static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return object;
    }
}
