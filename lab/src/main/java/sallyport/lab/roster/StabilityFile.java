package sallyport.lab.roster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Times;

/// The text of C tor's file `router-stability`, format 2.
final class StabilityFile {
    private static final long YEAR_SECONDS = 365L * 24 * 60 * 60;
    private static final int LINES_MIN = 5;
    private static final String NUMBER = "(\\d{1,18})";
    private static final String SINCE = "(?: S=(\\S{10} \\S{8}))?.*";
    private static final Pattern RELAY = Pattern.compile("R ([0-9A-Fa-f]{40}).*");
    private static final Pattern MTBF = Pattern.compile("\\+MTBF " + NUMBER + " (\\d{1,18}(?:\\.\\d{0,18})?)" + SINCE);
    private static final Pattern WFU = Pattern.compile("\\+WFU " + NUMBER + " " + NUMBER + SINCE);

    private final StabilityHistory history;
    private final List<String> lines;
    private final long now;
    private long storedAt;
    private long trackedSince;
    private long latestPossibleStart;

    private StabilityFile(StabilityHistory history, List<String> lines, long now) {
        this.history = history;
        this.lines = lines;
        this.now = now;
        this.latestPossibleStart = now;
    }

    static String write(StabilityHistory history, Instant now) {
        StringBuilder text = new StringBuilder("format 2\n");
        text.append("stored-at ").append(Times.text(now)).append('\n');
        head(text, "tracked-since ", history.trackedSince);
        head(text, "last-downrated ", history.lastDiscounted);
        text.append("data\n");
        for (Map.Entry<String, RelayTrack> entry : history.tracks.entrySet()) {
            RelayTrack track = entry.getValue();
            text.append("R ").append(entry.getKey()).append('\n');
            text.append("+MTBF ").append(track.weightedRunLength);
            text.append(String.format(Locale.ROOT, " %.5f", track.totalRunWeights));
            text.append(since(track.startOfRun)).append('\n');
            text.append("+WFU ").append(track.weightedUptime).append(' ').append(track.totalWeightedTime);
            text.append(since(track.startOfDowntime)).append('\n');
        }
        return text.append(".\n").toString();
    }

    static boolean read(StabilityHistory history, String text, long now) {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return new StabilityFile(history, lines, now).read();
    }

    private boolean read() {
        if (lines.size() < LINES_MIN || !lines.getFirst().equals("format 2")) {
            return false;
        }
        int data = lines.indexOf("data");
        List<String> head = data < 0 ? lines : lines.subList(0, data);
        storedAt = headTime(head, "stored-at ");
        if (storedAt == 0) {
            return false;
        }
        trackedSince = Math.min(headTime(head, "tracked-since "), now);
        for (List<String> relay : relays(data < 0 ? lines.size() : data + 1)) {
            load(relay);
        }
        history.lastDiscounted = Math.min(headTime(head, "last-downrated "), now);
        // As C tor: a start that is insanely early is replaced.
        history.trackedSince = trackedSince < YEAR_SECONDS ? latestPossibleStart : trackedSince;
        return true;
    }

    /// The lines of each relay, `R` first.
    private List<List<String>> relays(int from) {
        List<List<String>> relays = new ArrayList<>();
        for (String line : lines.subList(from, lines.size())) {
            if (line.equals(".")) {
                break;
            }
            if (line.startsWith("R ")) {
                relays.add(new ArrayList<>());
            }
            if (!relays.isEmpty()) {
                relays.getLast().add(line);
            }
        }
        return relays;
    }

    private void load(List<String> relay) {
        Matcher name = RELAY.matcher(relay.getFirst());
        if (!name.matches() || history.tracks.size() >= StabilityHistory.TRACKS_MAX) {
            return;
        }
        RelayTrack track = new RelayTrack();
        history.tracks.put(name.group(1).toUpperCase(Locale.ROOT), track);
        Matcher mtbf = first(relay, "+MTBF ", MTBF);
        if (mtbf != null) {
            track.weightedRunLength = Long.parseLong(mtbf.group(1));
            track.totalRunWeights = Double.parseDouble(mtbf.group(2));
            track.startOfRun = corrected(time(mtbf.group(3)));
            if (track.startOfRun < latestPossibleStart + track.weightedRunLength) {
                latestPossibleStart = track.startOfRun - track.weightedRunLength;
            }
        }
        Matcher wfu = first(relay, "+WFU ", WFU);
        if (wfu != null) {
            track.weightedUptime = Long.parseLong(wfu.group(1));
            track.totalWeightedTime = Long.parseLong(wfu.group(2));
            track.startOfDowntime = corrected(time(wfu.group(3)));
        }
    }

    private static @Nullable Matcher first(List<String> relay, String prefix, Pattern shape) {
        for (String line : relay) {
            if (line.startsWith(prefix)) {
                Matcher matcher = shape.matcher(line);
                return matcher.matches() ? matcher : null;
            }
        }
        return null;
    }

    /// As long before now as it was before the file was written, and not before anybody watched.
    private long corrected(long time) {
        if (time < trackedSince - YEAR_SECONDS || time > storedAt) {
            return 0;
        }
        return Math.max(time < trackedSince ? trackedSince : now - (storedAt - time), trackedSince);
    }

    private static long headTime(List<String> head, String keyword) {
        return head.stream()
                .filter(line -> line.startsWith(keyword))
                .map(line -> time(line.substring(keyword.length())))
                .reduce(0L, (_, later) -> later);
    }

    /// 0 for no time.
    private static long time(@Nullable String text) {
        try {
            return text == null ? 0 : Times.parse(text).getEpochSecond();
        } catch (Malformed e) {
            return 0;
        }
    }

    private static void head(StringBuilder text, String keyword, long seconds) {
        if (seconds != 0) {
            text.append(keyword)
                    .append(Times.text(Instant.ofEpochSecond(seconds)))
                    .append('\n');
        }
    }

    private static String since(long seconds) {
        return seconds == 0 ? "" : " S=" + Times.text(Instant.ofEpochSecond(seconds));
    }
}
