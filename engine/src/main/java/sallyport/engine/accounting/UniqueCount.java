package sallyport.engine.accounting;

import org.jspecify.annotations.Nullable;
import sallyport.engine.world.Entropy;

/// How many different values were seen. No value is kept: only its hash, under a key that is drawn for the day and
/// forgotten with it. C tor keeps the addresses themselves.
///
/// Never more than so many hashes are kept: where there would be more, those with one more low bit set are let go and
/// no
/// longer taken, and each that remains stands for twice as many as before (Wegman's adaptive sampling). Up to that size
/// the count is exact; beyond, it is some two percent off.
final class UniqueCount {
    // Ours: 64 KiB with the free places between them, for a relay that many people enter through, and nothing for one
    // that nobody does.
    static final int KEPT_MAX = 4096;
    private static final int TABLE_FIRST = 16;
    private static final long[] EMPTY = {};

    private final Entropy entropy;
    private @Nullable KeyedHash hash;
    // Open addressing, some half full at most; 0 is a free place.
    private long[] table = EMPTY;
    private int kept;
    private int lowBits;

    UniqueCount(Entropy entropy) {
        this.entropy = entropy;
    }

    /// `value` is borrowed and not kept.
    void add(byte[] value) {
        if (hash == null) {
            hash = new KeyedHash(entropy.secret(KeyedHash.KEY_BYTES));
        }
        long hashed = hash.of(value);
        if (hashed == 0 || !isTaken(hashed)) {
            return;
        }
        if (2 * kept >= table.length && table.length < 2 * KEPT_MAX) {
            rebuild(Math.max(TABLE_FIRST, 2 * table.length));
        }
        insert(hashed);
        while (kept > KEPT_MAX) {
            lowBits++;
            rebuild(table.length);
        }
    }

    long count() {
        return (long) kept << lowBits;
    }

    /// Forgets all, and under which key.
    void clear() {
        hash = null;
        table = EMPTY;
        kept = 0;
        lowBits = 0;
    }

    private boolean isTaken(long hashed) {
        return (hashed & ((1L << lowBits) - 1)) == 0;
    }

    private void rebuild(int length) {
        long[] old = table;
        table = new long[length];
        kept = 0;
        for (long each : old) {
            if (each != 0 && isTaken(each)) {
                insert(each);
            }
        }
    }

    private void insert(long hashed) {
        // The high bits choose the place: the low ones are all the same before long.
        int at = (int) (hashed >>> 40) & (table.length - 1);
        while (table[at] != 0) {
            if (table[at] == hashed) {
                return;
            }
            at = (at + 1) & (table.length - 1);
        }
        table[at] = hashed;
        kept++;
    }
}
