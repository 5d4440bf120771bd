package sallyport.engine.limits;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.KeyedHash;
import sallyport.engine.world.World;

/// How often the heaviest sources of some stretch of time came, in memory that does not grow ("Space-Saving", Metwally,
/// Agrawal and El Abbadi, 2005): a source that finds no place takes that of the lightest, with its count. So nobody is
/// held for heavier than he is ([#atLeast]), and whoever came more often than one in [#SOURCES_MAX] times is known.
///
/// A source is kept as a hash under a key of this window alone, which goes with it.
final class NewcomerWindow {
    // Ours: 8 kB, and some hundred nanoseconds to look through them; a circuit costs a hundred times as much.
    static final int SOURCES_MAX = 512;

    private final World world;
    private final long[] names = new long[SOURCES_MAX];
    private final int[] counts = new int[SOURCES_MAX];
    /// How much of its count may be that of those whose place it took.
    private final int[] inherited = new int[SOURCES_MAX];

    private int sources;
    private long total;
    private @Nullable KeyedHash key;

    NewcomerWindow(World world) {
        this.world = world;
    }

    void add(long source) {
        if (key == null) {
            key = new KeyedHash(world.entropy().secret(KeyedHash.KEY_BYTES));
        }
        total++;
        long name = key.of(source);
        int lightest = 0;
        for (int i = 0; i < sources; i++) {
            if (names[i] == name) {
                counts[i]++;
                return;
            }
            if (counts[i] < counts[lightest]) {
                lightest = i;
            }
        }
        boolean hasRoom = sources < SOURCES_MAX;
        int place = hasRoom ? sources++ : lightest;
        inherited[place] = hasRoom ? 0 : counts[lightest];
        counts[place] = inherited[place] + 1;
        names[place] = name;
    }

    /// How often the source came, or less.
    int atLeast(long source) {
        if (key == null) {
            return 0;
        }
        long name = key.of(source);
        for (int i = 0; i < sources; i++) {
            if (names[i] == name) {
                return counts[i] - inherited[i];
            }
        }
        return 0;
    }

    /// The most that each may have so that all together have `room`; of those that are too many to be told apart nobody
    /// is refused.
    ///
    /// @param room less than [#total]
    long level(long room) {
        long[] known = new long[sources];
        long sum = 0;
        for (int i = 0; i < sources; i++) {
            known[i] = counts[i] - inherited[i];
            sum += known[i];
        }
        return FairShare.level(known, Math.max(0, room - (total - sum)));
    }

    /// How often anybody came.
    long total() {
        return total;
    }

    int sources() {
        return sources;
    }

    void forget() {
        Arrays.fill(names, 0);
        Arrays.fill(counts, 0);
        Arrays.fill(inherited, 0);
        sources = 0;
        total = 0;
        key = null;
    }
}
