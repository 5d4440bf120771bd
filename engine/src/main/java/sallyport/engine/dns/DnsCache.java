package sallyport.engine.dns;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one instance's resolver remembers. Never shared: one relay's cache timing would tell about another's clients.
/// Full, it forgets what was asked for least recently.
final class DnsCache {
    // Ours: an entry with its name takes some 300 bytes, so both limits are about 10 MB an instance.
    static final int ENTRIES_MAX = 32_768;
    static final int BYTES_MAX = 10 << 20;
    // Map entry, records, arrays and the string's header, measured generously.
    private static final int ENTRY_BYTES = 240;

    private record Entry(Resolution resolution, long expiresNanos, int bytes) {}

    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private int bytes;

    @Nullable
    Resolution get(String name, long nowNanos) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        if (entry.expiresNanos() - nowNanos <= 0) {
            entries.remove(name);
            bytes -= entry.bytes();
            return null;
        }
        return entry.resolution();
    }

    void put(String name, Resolution resolution, long expiresNanos) {
        int size = ENTRY_BYTES + name.length() + extraBytes(resolution.reverse());
        Entry old = entries.put(name, new Entry(resolution, expiresNanos, size));
        bytes += size - (old == null ? 0 : old.bytes());
        forget(ENTRIES_MAX, BYTES_MAX);
    }

    /// Forgets what was asked for least recently, until `toBytes` are left.
    void trim(long toBytes) {
        forget(ENTRIES_MAX, toBytes);
    }

    private void forget(int entriesMax, long bytesMax) {
        Iterator<Map.Entry<String, Entry>> eldest = entries.entrySet().iterator();
        while ((entries.size() > entriesMax || bytes > bytesMax) && eldest.hasNext()) {
            bytes -= eldest.next().getValue().bytes();
            eldest.remove();
        }
    }

    /// Names that may no longer be used are not kept in memory either.
    void removeExpired(long nowNanos) {
        Iterator<Entry> each = entries.values().iterator();
        while (each.hasNext()) {
            Entry entry = each.next();
            if (entry.expiresNanos() - nowNanos <= 0) {
                bytes -= entry.bytes();
                each.remove();
            }
        }
    }

    void clear() {
        entries.clear();
        bytes = 0;
    }

    int size() {
        return entries.size();
    }

    int bytes() {
        return bytes;
    }

    private static int extraBytes(@Nullable DnsAnswer reverse) {
        return reverse instanceof DnsAnswer.Name name ? name.host().length() : 0;
    }
}
