package sallyport.supervisor.screen;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// The relays of a `status` answer, one a line, 80 columns.
public final class RelayTable {
    /// What every screen fits into.
    public static final int COLUMNS = 80;

    // Configurations allow longer ones; `relay show` has them in full.
    private static final int ID_COLUMNS = 11;
    // Enough to tell the states apart.
    private static final int STATE_COLUMNS = 9;
    private static final List<String> LOUD = List.of("BadExit", "MiddleOnly", "Sybil");
    // One letter each.
    private static final List<String> QUIET = List.of("Running", "Exit", "Guard", "Fast", "Stable", "HSDir");

    private RelayTable() {}

    /// The table with its head, in the order of the configuration.
    public static List<String> lines(Fields status) {
        return lines(status, status.all("relays"));
    }

    /// The same in another order; equals stay in theirs.
    public static List<String> lines(Fields status, Comparator<Fields> order) {
        return lines(status, status.all("relays").stream().sorted(order).toList());
    }

    private static List<String> lines(Fields status, List<Fields> relays) {
        List<String> lines = new ArrayList<>();
        lines.add(head());
        relays.forEach(relay -> lines.add(line(relay, status.text("time"))));
        return lines;
    }

    static String head() {
        return line("RELAY", "STATE", "UP", "LINKS", "CIRC", "STRM", "READ", "WRITE", "MEM", "CONSENSUS");
    }

    /// @param now the moment of the answer
    static String line(Fields relay, String now) {
        Fields load = relay.in("load");
        boolean open = relay.has("load");
        String state = relay.has("place") ? "start " + relay.text("place") : relay.text("state");
        return line(
                shortened(relay.text("id")),
                state.substring(0, Math.min(state.length(), STATE_COLUMNS)),
                Units.time(relay.number("uptime_seconds")),
                open ? Units.count(load.number("links")) : "-",
                open ? Units.count(load.number("circuits")) : "-",
                open ? Units.count(load.number("streams")) : "-",
                load.has("read_bytes_per_second") ? Units.bytes(load.number("read_bytes_per_second")) : "-",
                load.has("written_bytes_per_second") ? Units.bytes(load.number("written_bytes_per_second")) : "-",
                open ? Units.bytes(load.number("memory_bytes")) : "-",
                consensus(relay, now));
    }

    /// What one should see first comes first: bad flags in capitals, then that it is overloaded, then the
    /// rest.
    static String consensus(Fields relay, String now) {
        List<String> words = new ArrayList<>();
        Fields consensus = relay.in("consensus");
        List<String> flags = consensus.texts("flags");
        words.addAll(loud(flags));
        if (relay.has("overloaded")) {
            words.add("!LOAD");
        }
        if (!relay.has("consensus")) {
            words.add("?");
        } else if (!consensus.flag("listed")) {
            words.add("-");
        } else {
            StringBuilder letters = new StringBuilder();
            QUIET.stream().filter(flags::contains).forEach(flag -> letters.append(flag.charAt(0)));
            words.add(letters + " " + consensus.number("weight_kb"));
            if (relay.has("first_seen")) {
                words.add(Units.time(Duration.between(Instant.parse(relay.text("first_seen")), Instant.parse(now))
                        .toSeconds()));
            }
        }
        return String.join(" ", words);
    }

    /// What the consensus warns of, so that nobody overlooks it.
    static List<String> loud(List<String> flags) {
        return LOUD.stream()
                .filter(flags::contains)
                .map(flag -> "!" + flag.toUpperCase(Locale.ROOT))
                .toList();
    }

    /// What the columns mean.
    public static List<String> legend() {
        return List.of(
                "READ, WRITE: bytes a second. MEM: bytes in queues. CONSENSUS: first letters of",
                "flags, weight in kB/s, listed since; - not listed, ? no consensus, ! look at it.");
    }

    private static String line(Object... cells) {
        String line = String.format(Locale.ROOT, "%-11s %-9s %4s %5s %5s %5s %5s %5s %5s %s", cells)
                .stripTrailing();
        return line.length() > COLUMNS ? line.substring(0, COLUMNS) : line;
    }

    private static String shortened(String id) {
        return id.length() <= ID_COLUMNS ? id : id.substring(0, ID_COLUMNS - 1) + "~";
    }
}
