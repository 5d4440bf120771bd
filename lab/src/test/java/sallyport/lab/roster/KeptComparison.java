package sallyport.lab.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.netdoc.Times;

/// What an authority of C tor keeps of relays, read by us and given back with another history.
public final class KeptComparison {
    private static final long MORE_SECONDS = 1_000_000;
    private static final Pattern STATISTICS = Pattern.compile("(?m)^stats wfu=(\\S+) tk=(\\d+) ");

    private KeptComparison() {}

    /// Reads the files of an authority that is stopped, writes the same history, and another in its place,
    /// in which each relay has been known for long and up for half of it.
    ///
    /// @param data its DataDirectory
    /// @param relays how many it knows
    public static void exchange(Path data, int relays) throws IOException, Malformed {
        KeyPins pins = new KeyPins();
        KeyPins.Loaded loaded = pins.load(Files.readString(data.resolve("key-pinning-journal")));
        assertThat(loaded.corrupt()).isZero();
        assertThat(pins.size()).isEqualTo(relays);
        Path file = data.resolve("router-stability");
        String theirs = Files.readString(file);
        String storedAt = theirs.lines().skip(1).findFirst().orElseThrow().replaceFirst("stored-at ", "");
        Instant then = Times.parse(storedAt);
        StabilityHistory history = new StabilityHistory(true);
        assertThat(history.load(theirs, then)).isTrue();
        String ours = history.text(history.tracks.keySet(), then);
        // C tor's relays stand in the order of a hash table.
        assertThat(ours.lines())
                .containsExactlyInAnyOrderElementsOf(theirs.lines().toList());
        assertThat(ours.lines().limit(5))
                .containsExactlyElementsOf(theirs.lines().limit(5).toList());
        assertThat(history.tracks).hasSizeGreaterThanOrEqualTo(relays - 1);
        history.tracks.values().forEach(track -> {
            track.totalWeightedTime += MORE_SECONDS;
            track.weightedUptime += MORE_SECONDS / 2;
        });
        Files.writeString(file, history.text(history.tracks.keySet(), then));
    }

    /// Whether the authority tells the other history in its vote.
    public static void confirm(String vote, int relays) {
        assertThat(STATISTICS.matcher(vote).results().filter(found -> Long.parseLong(found.group(2)) > MORE_SECONDS))
                .hasSizeGreaterThanOrEqualTo(relays - 1)
                .allMatch(found -> found.group(1).startsWith("0.500"));
    }
}
