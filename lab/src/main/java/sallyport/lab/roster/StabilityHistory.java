package sallyport.lab.roster;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.Consensus;

/// How reliably each relay has run, for as long as anybody remembers (C tor's rephist.c): what Stable and
/// Guard are given for. By fingerprint.
public final class StabilityHistory {
    // As C tor (STABILITY_ALPHA, STABILITY_INTERVAL).
    private static final double DISCOUNT = 0.95;
    private static final long DISCOUNT_SECONDS = 12 * 60 * 60;
    // As C tor: what it needs to have watched before it speaks of times between failures.
    private static final Duration ENOUGH = Duration.ofHours(4);
    // As C tor, where no consensus says how long news takes.
    private static final int MOVED_SECONDS = 3_600;
    private static final int MOVED_SECONDS_TESTING = 240;
    // As C tor (CLEAN_CACHES_INTERVAL).
    private static final Duration CLEAN_INTERVAL = Duration.ofMinutes(30);
    // Ours: those who came and went are remembered for months.
    static final int TRACKS_MAX = 5 * Roster.RELAYS_MAX;

    private static final RelayTrack UNKNOWN = new RelayTrack();

    final Map<String, RelayTrack> tracks = new TreeMap<>();
    // Seconds since 1970; 0 for not yet.
    long trackedSince;
    long lastDiscounted;

    private final int movedSecondsUsual;
    private int movedSeconds;
    private Instant learnedUntil = Instant.EPOCH;
    private Instant cleaned = Instant.EPOCH;

    /// @param testing whether the network is for tests
    public StabilityHistory(boolean testing) {
        this.movedSecondsUsual = testing ? MOVED_SECONDS_TESTING : MOVED_SECONDS;
    }

    /// Says how long news of a relay that moved takes: as C tor, half of how long a consensus is fresh
    /// and half of how long it is valid, while that lives.
    public void learn(Consensus consensus) {
        Duration fresh = Duration.between(consensus.validAfter(), consensus.freshUntil());
        Duration valid = Duration.between(consensus.validAfter(), consensus.validUntil());
        movedSeconds = (int) (fresh.toSeconds() + valid.toSeconds()) / 2;
        learnedUntil = consensus.validUntil();
    }

    /// Discounts what is half a day older than the last time; to be called now and then.
    void discount(Instant now) {
        long seconds = now.getEpochSecond();
        lastDiscounted = lastDiscounted == 0 ? seconds : lastDiscounted;
        double factor = 1;
        while (lastDiscounted + DISCOUNT_SECONDS <= seconds) {
            lastDiscounted += DISCOUNT_SECONDS;
            factor *= DISCOUNT;
        }
        if (factor < 1) {
            for (RelayTrack track : tracks.values()) {
                track.discount(factor);
            }
        }
    }

    /// Forgets whom nobody has seen for months; looks for them twice an hour, however often it is called.
    void clean(Instant now) {
        if (!now.isBefore(cleaned.plus(CLEAN_INTERVAL))) {
            cleaned = now;
            tracks.values().removeIf(RelayTrack::isForgotten);
        }
    }

    /// The text of C tor's file `router-stability`.
    ///
    /// @param known relays of roster and consensus: one that is in neither is down
    public String text(Set<String> known, Instant now) {
        tracks.forEach((fingerprint, track) -> {
            if (!known.contains(fingerprint) && track.startOfRun != 0) {
                unreachable(fingerprint, now, now);
            }
        });
        return StabilityFile.write(this, now);
    }

    /// Reads what [#text] wrote, into a history that is empty. Times are moved as if the authority had not
    /// been away.
    ///
    /// @return whether it was such a text
    public boolean load(String text, Instant now) {
        return StabilityFile.read(this, text, now.getEpochSecond());
    }

    void reachable(String fingerprint, @Nullable RelayAddress at, Instant now) {
        int penalty = now.isAfter(learnedUntil) ? movedSecondsUsual : movedSeconds;
        note(fingerprint, now, track -> track.reachable(at, now.getEpochSecond(), penalty));
    }

    void unreachable(String fingerprint, Instant when, Instant now) {
        note(fingerprint, now, track -> track.unreachable(when.getEpochSecond()));
    }

    void pessimal(String fingerprint, Instant now) {
        note(fingerprint, now, track -> track.pessimal(now.getEpochSecond()));
    }

    RelayTrack of(String fingerprint) {
        return tracks.getOrDefault(fingerprint, UNKNOWN);
    }

    boolean hasSeenEnough(Instant now) {
        return trackedSince < now.minus(ENOUGH).getEpochSecond();
    }

    private void note(String fingerprint, Instant now, Consumer<RelayTrack> event) {
        trackedSince = trackedSince == 0 ? now.getEpochSecond() : trackedSince;
        RelayTrack track = tracks.get(fingerprint);
        if (track == null && tracks.size() < TRACKS_MAX) {
            track = new RelayTrack();
            tracks.put(fingerprint, track);
        }
        if (track != null) {
            event.accept(track);
        }
    }
}
