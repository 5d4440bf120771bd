package sallyport.supervisor.screen;

import java.util.ArrayList;
import java.util.List;

/// One relay in full: what we believe and what the consensus says, side by side.
public final class RelayCard {
    private RelayCard() {}

    public static List<String> lines(Fields relay) {
        List<String> lines = new ArrayList<>();
        Fields load = relay.in("load");
        Fields consensus = relay.in("consensus");
        Fields published = relay.in("published");
        lines.add(relay.text("id"));
        row(lines, "nickname", relay.text("nickname"));
        row(lines, "fingerprint", relay.has("fingerprint") ? relay.text("fingerprint") : "-");
        row(lines, "addresses", String.join(" ", relay.texts("addresses")));
        row(lines, "state", state(relay));
        row(lines, "up", Units.time(relay.number("uptime_seconds")));
        lines.add("we believe");
        row(
                lines,
                "published",
                published.has("at")
                        ? published.text("at") + ", accepted by " + published.number("accepted") + " of "
                                + published.number("authorities") + " authorities"
                        : "not yet");
        row(lines, "signing key until", relay.has("signing_key_expires") ? relay.text("signing_key_expires") : "-");
        row(lines, "overloaded", relay.has("overloaded") ? "YES, in the hour from " + relay.text("overloaded") : "no");
        lines.add("the consensus says");
        row(lines, "listed", relay.has("consensus") ? (consensus.flag("listed") ? "yes" : "NO") : "no consensus yet");
        List<String> flags = new ArrayList<>(RelayTable.loud(consensus.texts("flags")));
        flags.addAll(consensus.texts("flags"));
        row(lines, "flags", flags.isEmpty() ? "-" : String.join(" ", flags));
        row(lines, "weight", consensus.flag("listed") ? consensus.number("weight_kb") + " kB/s" : "-");
        row(lines, "first seen", firstSeen(relay));
        lines.add("it carries");
        if (relay.has("load")) {
            row(
                    lines,
                    "open",
                    load.number("links") + " links, " + load.number("circuits") + " circuits, " + load.number("streams")
                            + " streams, " + load.number("exit_connections") + " exit connections");
            row(lines, "read", bytes(load, "read"));
            row(lines, "written", bytes(load, "written"));
            row(lines, "memory in queues", Units.bytes(load.number("memory_bytes")));
        } else {
            row(lines, "open", "nothing");
        }
        Fields faults = relay.in("faults_of_peers");
        if (!faults.object().isEmpty()) {
            lines.add("its peers' faults");
            faults.object().forEach((what, count) -> lines.add(String.format("  %8s  %s", count, what)));
        }
        row(lines, "our own bugs", relay.text("own_bugs"));
        relay.texts("findings").forEach(finding -> lines.add("! " + finding));
        return lines;
    }

    private static String state(Fields relay) {
        return relay.text("state") + " since " + relay.text("since")
                + (relay.has("place") ? ", number " + relay.text("place") + " in line" : "")
                + (relay.has("until") ? ", until " + relay.text("until") : "")
                + (relay.has("why") ? ": " + relay.text("why") : "");
    }

    /// No consensus says it; what we know is what we have watched.
    private static String firstSeen(Fields relay) {
        if (!relay.has("first_seen")) {
            return "-";
        }
        return relay.has("first_seen_not_before")
                ? relay.text("first_seen") + ", not before " + relay.text("first_seen_not_before")
                : relay.text("first_seen") + " or before: in the first consensus that was looked at";
    }

    private static String bytes(Fields load, String direction) {
        String rate = direction + "_bytes_per_second";
        return Units.bytes(load.number(direction + "_bytes"))
                + (load.has(rate) ? ", " + Units.bytes(load.number(rate)) + "/s" : "");
    }

    private static void row(List<String> lines, String what, String value) {
        lines.add(String.format("  %-18s %s", what, value));
    }
}
