package sallyport.engine.onionservice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.ByteKey;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.netdoc.OnionDescriptor;

/// The descriptors of onion services that one instance keeps as their directory, each until its lifetime is over.
/// Where they become too many, those go first that were asked for least.
///
/// Runs on: the instance's loop.
final class DescriptorStore {
    // As C tor's MaxHSDirCacheBytes: a fifth of the memory for queues, and there of the whole process.
    private static final int SHARE_DIVISOR = 5;
    // Ours: a prune looks at all of them, so it makes room for many.
    private static final int PRUNED_TO_PERCENT = 90;
    // Ours: the entry, its key and its place in the map, generously.
    static final int ENTRY_BYTES = 512;
    // As C tor's CLEAN_CACHES_INTERVAL. What has expired is not served any more; here its memory is given back.
    private static final long CLEAN_NANOS = TimeUnit.MINUTES.toNanos(30);

    private static final class Entry {
        private final OnionDescriptor descriptor;
        private final long expiresNanos;
        private long downloads;

        Entry(OnionDescriptor descriptor, long nowNanos, long downloads) {
            this.descriptor = descriptor;
            this.expiresNanos = nowNanos + TimeUnit.SECONDS.toNanos(descriptor.lifetimeSeconds());
            this.downloads = downloads;
        }

        boolean hasExpired(long nowNanos) {
            return nowNanos - expiresNanos >= 0;
        }

        int bytes() {
            return ENTRY_BYTES + descriptor.encoded().length;
        }
    }

    private final MemoryAccount memory;
    private final Map<ByteKey, Entry> entries = new HashMap<>();
    private final long bytesMax;
    private long bytes;
    private long cleanedNanos;

    DescriptorStore(MemoryAccount memory, long nowNanos) {
        this.memory = memory;
        this.bytesMax = memory.limitBytes() / SHARE_DIVISOR;
        this.cleanedNanos = nowNanos;
        memory.relief().from(MemoryKind.ONION_DESCRIPTORS, this::trimTo);
    }

    int count() {
        return entries.size();
    }

    /// Whether it was newer than what was there.
    boolean store(OnionDescriptor descriptor, long nowNanos) {
        clean(nowNanos);
        if (bytes > bytesMax) {
            trimTo(bytesMax / 100 * PRUNED_TO_PERCENT);
        }
        ByteKey key = new ByteKey(descriptor.blindedKey());
        Entry old = entries.get(key);
        if (old != null && !old.hasExpired(nowNanos) && !descriptor.isNewerThan(old.descriptor)) {
            return false;
        }
        if (old != null) {
            remove(key);
        }
        Entry entry = new Entry(descriptor, nowNanos, old == null ? 0 : old.downloads);
        entries.put(key, entry);
        count(entry.bytes());
        return true;
    }

    /// The text; null where there is none. Counts as asked for.
    byte @Nullable [] fetch(byte[] blindedKey, long nowNanos) {
        Entry entry = entries.get(new ByteKey(blindedKey));
        if (entry == null || entry.hasExpired(nowNanos)) {
            return null;
        }
        entry.downloads++;
        return entry.descriptor.encoded();
    }

    private void clean(long nowNanos) {
        if (nowNanos - cleanedNanos < CLEAN_NANOS) {
            return;
        }
        cleanedNanos = nowNanos;
        List<ByteKey> over = new ArrayList<>();
        entries.forEach((key, entry) -> {
            if (entry.hasExpired(nowNanos)) {
                over.add(key);
            }
        });
        over.forEach(this::remove);
    }

    /// Lets go of those that were asked for least, of equal ones of those that expire first.
    private void trimTo(long target) {
        if (bytes <= target) {
            return;
        }
        List<Map.Entry<ByteKey, Entry>> all = new ArrayList<>(entries.entrySet());
        all.sort(Comparator.comparingLong((Map.Entry<ByteKey, Entry> each) -> each.getValue().downloads)
                .thenComparingLong(each -> each.getValue().expiresNanos));
        for (Map.Entry<ByteKey, Entry> each : all) {
            if (bytes <= target) {
                return;
            }
            remove(each.getKey());
        }
    }

    /// Everything goes: the instance stops.
    void clear() {
        trimTo(0);
    }

    private void remove(ByteKey key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            count(-entry.bytes());
        }
    }

    private void count(int delta) {
        bytes += delta;
        memory.add(MemoryKind.ONION_DESCRIPTORS, delta);
    }
}
