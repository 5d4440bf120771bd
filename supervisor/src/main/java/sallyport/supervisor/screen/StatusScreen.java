package sallyport.supervisor.screen;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The process as a whole, above the table of its relays.
public final class StatusScreen {
    private StatusScreen() {}

    /// Some lines, the last of them empty.
    public static List<String> head(Fields status) {
        Fields process = status.in("process");
        List<Fields> relays = status.all("relays");
        Map<String, Integer> states = new TreeMap<>();
        long read = 0;
        long written = 0;
        for (Fields relay : relays) {
            states.merge(relay.text("state"), 1, Integer::sum);
            read += relay.in("load").number("read_bytes_per_second");
            written += relay.in("load").number("written_bytes_per_second");
        }
        List<String> words = new ArrayList<>();
        states.forEach((state, count) -> words.add(count + " " + state));
        List<String> lines = new ArrayList<>();
        lines.add("sallyport " + process.text("version") + ", process " + process.text("pid") + ", "
                + process.text("network") + " network, " + status.text("time"));
        lines.add("relays  " + relays.size() + ": " + String.join(", ", words));
        lines.add("traffic " + Units.bytes(read) + "/s read, " + Units.bytes(written) + "/s written; queues "
                + Units.bytes(process.number("memory_bytes")) + " of "
                + Units.bytes(process.number("memory_bytes_max")));
        if (process.has("bandwidth_bytes_per_second")) {
            lines.add("limit   " + Units.bytes(process.number("bandwidth_bytes_per_second"))
                    + "/s read, as much written, by all relays together");
        }
        if (process.has("disk_bytes")) {
            Fields disk = process.in("disk_bytes");
            lines.add("disk    cache " + Units.bytes(disk.number("directory_cache")) + " of "
                    + Units.bytes(process.number("disk_directory_cache_bytes_max")) + ", directory "
                    + Units.bytes(disk.number("directory")) + ", history " + Units.bytes(disk.number("history"))
                    + ", applied " + Units.bytes(disk.number("applied")) + "; free "
                    + Units.bytes(process.number("disk_free_bytes")));
        }
        if (process.has("shedding")) {
            lines.add("if full " + String.join(" ", process.texts("shedding")));
        }
        lines.add(consensus(process, status));
        Fields restarting = status.in("restarting");
        if (restarting.has("now")) {
            lines.add("restart " + restarting.text("now") + " now, "
                    + restarting.texts("done").size() + " done, "
                    + restarting.texts("left").size() + " left");
        } else if (restarting.has("failed")) {
            lines.add("restart ended: " + restarting.text("failed"));
        }
        Fields applying = status.in("applying");
        if (applying.has("phase") && !applying.text("phase").equals("done")) {
            lines.add("apply   state " + applying.text("state") + ", " + applying.text("text"));
        }
        lines.add("");
        return lines.stream().map(StatusScreen::cut).toList();
    }

    private static String consensus(Fields process, Fields status) {
        if (!process.has("consensus_valid_until")) {
            return "consensus none yet";
        }
        Instant until = Instant.parse(process.text("consensus_valid_until"));
        boolean over = until.isBefore(Instant.parse(status.text("time")));
        return "consensus of " + process.text("consensus_valid_after") + ", " + (over ? "OVER since " : "good until ")
                + until;
    }

    /// What an operator should look at, one line each.
    public static List<String> findings(Fields status) {
        List<String> lines = new ArrayList<>();
        for (Fields relay : status.all("relays")) {
            relay.texts("findings").forEach(finding -> lines.add("! " + relay.text("id") + ": " + finding));
        }
        return lines;
    }

    static String cut(String line) {
        return line.length() > RelayTable.COLUMNS ? line.substring(0, RelayTable.COLUMNS) : line;
    }
}
