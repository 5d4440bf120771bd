package sallyport.lab.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.admin.ControlClient;

/// What moves through each relay of ours, asked of the running process through its control socket.
final class Meter {
    static final String TITLE = String.format(
            "%-10s %-12s %6s %6s %6s %10s %10s", "RELAY", "STATE", "LINKS", "CIRC", "STRM", "IN kB/s", "OUT kB/s");

    private static final double BYTES_PER_KB = 1_000;

    private final Path dataDirectory;
    private Map<String, Look> last = new LinkedHashMap<>();

    /// One relay at one moment.
    private record Look(String state, long links, long circuits, long streams, long read, long written, long nanos) {
        String row(String id, @Nullable Look before) {
            double seconds = before == null ? 0 : (nanos - before.nanos) / 1e9;
            return String.format(
                    Locale.ROOT,
                    "%-10s %-12s %6d %6d %6d %10s %10s",
                    id,
                    state,
                    links,
                    circuits,
                    streams,
                    before == null ? "-" : rate(read - before.read, seconds),
                    before == null ? "-" : rate(written - before.written, seconds));
        }

        // A relay that was stopped in between counts from zero again.
        private static String rate(long bytes, double seconds) {
            return String.format(Locale.ROOT, "%.1f", Math.max(bytes, 0) / BYTES_PER_KB / seconds);
        }
    }

    Meter(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    /// A line for each relay; the rates are those since the call before.
    List<String> look() throws IOException {
        Map<String, Look> now = new LinkedHashMap<>();
        List<String> rows = new ArrayList<>();
        for (Map<?, ?> relay : relays()) {
            String id = String.valueOf(relay.get("id"));
            Look look = look(relay);
            now.put(id, look);
            rows.add(look.row(id, last.get(id)));
        }
        last = now;
        return rows;
    }

    /// Has the process do something with one relay.
    ///
    /// @param verb such as `stop`
    void order(String verb, String relay) throws IOException {
        var answer = ask(verb, Map.of("relays", List.of(relay)));
        if (!"ok".equals(answer.get("outcome"))) {
            throw new IOException(verb + " of " + relay + ": " + answer);
        }
    }

    /// The state of one relay in one word.
    String state(String relay) throws IOException {
        return relays().stream()
                .filter(each -> relay.equals(each.get("id")))
                .map(each -> String.valueOf(each.get("state")))
                .findFirst()
                .orElse("gone");
    }

    private List<Map<?, ?>> relays() throws IOException {
        List<Map<?, ?>> relays = new ArrayList<>();
        if (ask("status", Map.of()).get("relays") instanceof List<?> all) {
            for (Object each : all) {
                if (each instanceof Map<?, ?> relay) {
                    relays.add(relay);
                }
            }
        }
        return relays;
    }

    private static Look look(Map<?, ?> relay) {
        Map<?, ?> load = relay.get("load") instanceof Map<?, ?> map ? map : Map.of();
        return new Look(
                String.valueOf(relay.get("state")),
                number(load.get("links")),
                number(load.get("circuits")),
                number(load.get("streams")),
                number(load.get("read_bytes")),
                number(load.get("written_bytes")),
                System.nanoTime());
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    /// Over a connection of its own: scenes may be silent for longer than the process waits.
    private Map<String, @Nullable Object> ask(String verb, Map<String, ? extends @Nullable Object> more)
            throws IOException {
        try (ControlClient control = ControlClient.connect(dataDirectory)) {
            return control.ask(verb, more);
        }
    }
}
