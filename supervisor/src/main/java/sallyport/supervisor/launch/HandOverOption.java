package sallyport.supervisor.launch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the running process takes over what is applied, where that is to be otherwise than the
/// configuration says.
final class HandOverOption {
    @Option(
            names = "--batch",
            paramLabel = "RELAYS",
            description = "How many relays start or move at a time; otherwise as fleet.apply.batch says.")
    private @Nullable Long batch;

    @Option(
            names = "--drain-within",
            paramLabel = "SECONDS",
            description = "For how long relays that leave may go on with what is open; otherwise as"
                    + " fleet.apply.drain-within says.")
    private @Nullable Long drainSeconds;

    @Option(names = "--json", description = "Prints one JSON object a line: the plan, each step, the end.")
    private boolean json;

    boolean json() {
        return json;
    }

    /// Fields of the request to the control socket.
    Map<String, @Nullable Object> wishes() {
        Map<String, @Nullable Object> wishes = new LinkedHashMap<>();
        if (batch != null) {
            wishes.put("batch", batch);
        }
        if (drainSeconds != null) {
            wishes.put("limit_seconds", drainSeconds);
        }
        return wishes;
    }
}
