package sallyport.lab.path;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The entry guards of one client, drawn once and used in order: the first that works and goes with the
/// path (guard-spec's primary guards). Nothing is kept beyond the client's life.
final class Guards {
    // C tor: a primary guard that failed is tried again after ten minutes at first; a lab has less patience.
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Draws one relay for a place.
    @FunctionalInterface
    interface Draw {
        @Nullable
        PathRelay of(PathRelays relays, Place place, Predicate<PathRelay> allowed);
    }

    private final int count;
    private final Draw draw;
    private final List<String> chosen = new ArrayList<>();
    private final Map<String, Long> failedNanos = new HashMap<>();

    Guards(int count, Draw draw) {
        this.count = count;
        this.draw = draw;
    }

    @Nullable
    PathRelay choose(PathRelays relays, Predicate<PathRelay> allowed, long nowNanos) {
        Map<String, PathRelay> known = new HashMap<>();
        for (PathRelay relay : relays.all()) {
            known.put(relay.fingerprint(), relay);
        }
        chosen.removeIf(guard -> !known.containsKey(guard));
        while (chosen.size() < count && drawAnother(relays)) {
            // Until there are enough.
        }
        PathRelay lastResort = null;
        for (String guard : chosen) {
            PathRelay relay = known.get(guard);
            if (relay != null && allowed.test(relay)) {
                if (!isDown(guard, nowNanos)) {
                    return relay;
                }
                lastResort = lastResort == null ? relay : lastResort;
            }
        }
        // All are down, or none goes with this path: any guard does for it.
        PathRelay other = draw.of(
                relays,
                Place.GUARD,
                relay -> allowed.test(relay) && relay.has("Guard") && !isDown(relay.fingerprint(), nowNanos));
        return other == null ? lastResort : other;
    }

    void failed(PathRelay guard, long nowNanos) {
        failedNanos.put(guard.fingerprint(), nowNanos);
    }

    void works(PathRelay guard) {
        failedNanos.remove(guard.fingerprint());
    }

    private boolean drawAnother(PathRelays relays) {
        PathRelay another =
                draw.of(relays, Place.GUARD, relay -> relay.has("Guard") && !chosen.contains(relay.fingerprint()));
        if (another != null) {
            chosen.add(another.fingerprint());
        }
        return another != null;
    }

    private boolean isDown(String guard, long nowNanos) {
        Long failed = failedNanos.get(guard);
        return failed != null && nowNanos - failed < RETRY_NANOS;
    }
}
