package sallyport.supervisor.admin;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.fleet.RolloutProgress;

/// How far the process has come with taking over a state, in an answer.
final class ApplyJson {
    private ApplyJson() {}

    static Map<String, @Nullable Object> of(RolloutProgress progress) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("attempt", progress.attempt());
        object.put("state", (long) progress.state());
        object.put("phase", progress.phase().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        object.put("batch", (long) progress.batch());
        object.put("batches", (long) progress.batches());
        object.put("relays", progress.relays());
        object.put("waiting", progress.waiting());
        object.put("text", progress.text());
        return object;
    }
}
