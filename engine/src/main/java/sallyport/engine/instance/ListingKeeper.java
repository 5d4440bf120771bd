package sallyport.engine.instance;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.world.Log;

/// Since when the consensus lists one relay, as far as we have watched: no consensus says it. Kept in the
/// relay's `state` file, in two lines of our own that C tor keeps when it takes over. Blocks on the disk,
/// once or twice in a relay's life: control tasks only, but for [#seen].
final class ListingKeeper {
    private static final String LISTED = "SallyportFirstListed ";
    private static final String NOT_LISTED = "SallyportLastNotListed ";
    private static final List<String> KEYWORDS = List.of(LISTED, NOT_LISTED);

    private final Log log;
    private final String relay;
    private final RelayKeys keys;
    // Guarded by this.
    private @Nullable Instant notListed;
    private volatile InstanceReport.@Nullable FirstSeen seen;

    ListingKeeper(Log log, String relay, RelayKeys keys) {
        this.log = log;
        this.relay = relay;
        this.keys = keys;
    }

    /// Goes on with what the file holds. Before the first look.
    synchronized void restore() throws KeyFileException {
        List<String> lines = keys.stateLines();
        try {
            notListed = time(lines, NOT_LISTED);
            Instant listed = time(lines, LISTED);
            seen = listed == null ? null : new InstanceReport.FirstSeen(listed, Optional.ofNullable(notListed));
        } catch (DateTimeException e) {
            log.warn(relay, "since when it is listed cannot be read and is noted anew");
            notListed = null;
        }
    }

    /// Looks whether this consensus, which is believed, lists the relay. After the first that does there
    /// is nothing left to learn.
    synchronized void look(Consensus consensus) {
        if (seen != null) {
            return;
        }
        Instant validAfter = consensus.validAfter();
        if (consensus.relay(keys.identity().rsaDigest()) != null) {
            seen = new InstanceReport.FirstSeen(
                    validAfter, Optional.ofNullable(notListed).filter(before -> before.isBefore(validAfter)));
            save();
        } else if (notListed == null || validAfter.isAfter(notListed)) {
            boolean first = notListed == null;
            notListed = validAfter;
            // The later ones wait for the listing: a crash makes the answer less exact, and leaves it true.
            if (first) {
                save();
            }
        }
    }

    /// Null until a consensus has listed it. From any thread.
    InstanceReport.@Nullable FirstSeen seen() {
        return seen;
    }

    private void save() {
        List<String> lines = new ArrayList<>();
        InstanceReport.FirstSeen now = seen;
        if (now != null) {
            lines.add(LISTED + now.listed());
        }
        Instant before = now == null ? notListed : now.notBefore().orElse(null);
        if (before != null) {
            lines.add(NOT_LISTED + before);
        }
        try {
            keys.replaceStateLines(KEYWORDS, lines);
        } catch (KeyFileException | IOException e) {
            log.warn(relay, "since when it is listed is not saved: " + e.getMessage());
        }
    }

    private static @Nullable Instant time(List<String> lines, String keyword) {
        return lines.stream()
                .filter(line -> line.startsWith(keyword))
                .findFirst()
                .map(line -> Instant.parse(line.substring(keyword.length()).strip()))
                .orElse(null);
    }
}
