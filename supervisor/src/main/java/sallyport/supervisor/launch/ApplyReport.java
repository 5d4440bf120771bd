package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.admin.Answer;
import sallyport.supervisor.admin.Json;
import sallyport.supervisor.plan.Plan;
import sallyport.supervisor.plan.PlanText;

/// What `apply` and `rollback` say while they work: lines for people, or one JSON object a line.
record ApplyReport(boolean json, PrintWriter out, PrintWriter err) {
    /// What is about to be done.
    void plan(Plan plan) {
        if (json) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("base", (long) plan.base());
            fields.put(
                    "steps",
                    plan.steps().stream()
                            .map(step ->
                                    List.of(step.kind().name().toLowerCase(Locale.ROOT), step.relay(), step.what()))
                            .toList());
            fields.put("notes", plan.notes());
            fields.put("warnings", plan.warnings());
            print("plan", fields);
        } else {
            PlanText.forPeople(plan).forEach(out::println);
        }
    }

    /// Something was done.
    void step(String event, String text) {
        if (json) {
            print(event, Map.of("text", text));
        } else {
            out.println(text);
        }
    }

    /// How far the running process is.
    ///
    /// @param applying as the control socket answers
    void progress(Map<?, ?> applying, String text) {
        if (json) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            applying.forEach((name, value) -> fields.put(String.valueOf(name), value));
            print("progress", fields);
        } else {
            out.println(text);
        }
    }

    /// Something that went wrong; what follows says what to do.
    void problem(String text) {
        if (json) {
            print("problem", Map.of("text", text));
        } else {
            err.println(text);
        }
    }

    private void print(String event, Map<String, ? extends @Nullable Object> fields) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("schema", (long) Answer.SCHEMA);
        line.put("event", event);
        line.putAll(fields);
        out.println(Json.write(line));
        out.flush();
    }
}
