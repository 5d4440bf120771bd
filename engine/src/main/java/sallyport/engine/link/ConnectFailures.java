package sallyport.engine.link;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;

/// Remembers which relays could not be connected to, so that many circuits toward a dead relay fail at once instead
/// of each trying again.
final class ConnectFailures {
    // C tor's OR_CONNECT_FAILURE_LIFETIME.
    static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(60);
    // Ours: half of today's network failing at once; a client that asks for made-up relays cannot fill more.
    static final int ENTRIES_MAX = 4096;

    private record Entry(RelayKey relay, RelayAddress address) {
        @Override
        public String toString() {
            return "[scrubbed]";
        }
    }

    private final LinkedHashMap<Entry, Long> failures = new LinkedHashMap<>();

    void add(RelayKey relay, RelayAddress address, long nowNanos) {
        Entry entry = new Entry(relay, address);
        failures.remove(entry);
        failures.put(entry, nowNanos);
        Iterator<Map.Entry<Entry, Long>> oldest = failures.entrySet().iterator();
        while (oldest.hasNext()
                && (nowNanos - oldest.next().getValue() > REMEMBERED_NANOS || failures.size() > ENTRIES_MAX)) {
            oldest.remove();
        }
    }

    boolean isRecent(RelayKey relay, RelayAddress address, long nowNanos) {
        @Nullable Long failed = failures.get(new Entry(relay, address));
        return failed != null && nowNanos - failed < REMEMBERED_NANOS;
    }
}
