package sallyport.engine.stream;

import org.jspecify.annotations.Nullable;

/// The streams of one circuit by id: open addressing, so that finding one allocates nothing.
final class StreamTable {
    private static final int SLOTS_MIN = 8;

    private int[] ids = new int[SLOTS_MIN];
    private @Nullable OpenStream[] streams = new OpenStream[SLOTS_MIN];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    OpenStream get(int id) {
        return streams[slot(id)];
    }

    /// `id` is not in the table.
    void put(int id, OpenStream stream) {
        if (size * 2 >= ids.length) {
            resize(ids.length * 2);
        }
        int slot = slot(id);
        ids[slot] = id;
        streams[slot] = stream;
        size++;
    }

    void remove(int id) {
        int hole = slot(id);
        if (streams[hole] == null) {
            return;
        }
        size--;
        streams[hole] = null;
        // Moves back what had to make way for the one removed, so that no search ends at the hole too early.
        int mask = ids.length - 1;
        for (int at = (hole + 1) & mask; streams[at] != null; at = (at + 1) & mask) {
            int home = home(ids[at]);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                ids[hole] = ids[at];
                streams[hole] = streams[at];
                streams[at] = null;
                hole = at;
            }
        }
    }

    /// Whether any stream leads elsewhere than to the directory.
    boolean leadsOut() {
        for (OpenStream stream : streams) {
            if (stream != null && !stream.isDirectory()) {
                return true;
            }
        }
        return false;
    }

    /// The earliest of what the streams answer; null where none holds anything.
    @Nullable
    Long oldestNanos() {
        Long oldest = null;
        for (OpenStream stream : streams) {
            Long one = stream == null ? null : stream.oldestNanos();
            if (one != null && (oldest == null || one - oldest < 0)) {
                oldest = one;
            }
        }
        return oldest;
    }

    /// What it holds at the moment.
    OpenStream[] all() {
        OpenStream[] all = new OpenStream[size];
        int count = 0;
        for (OpenStream stream : streams) {
            if (stream != null) {
                all[count++] = stream;
            }
        }
        return all;
    }

    /// Empties the table and returns what it held.
    OpenStream[] drain() {
        OpenStream[] all = all();
        ids = new int[SLOTS_MIN];
        streams = new OpenStream[SLOTS_MIN];
        size = 0;
        return all;
    }

    /// Where `id` lies, or the free slot where it belongs.
    private int slot(int id) {
        int mask = ids.length - 1;
        int at = home(id);
        while (streams[at] != null && ids[at] != id) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private int home(int id) {
        return ((id * 0x9e3779b1) >>> 16) & (ids.length - 1);
    }

    private void resize(int slots) {
        int[] oldIds = ids;
        @Nullable OpenStream[] oldStreams = streams;
        ids = new int[slots];
        streams = new OpenStream[slots];
        for (int i = 0; i < oldIds.length; i++) {
            OpenStream stream = oldStreams[i];
            if (stream != null) {
                int slot = slot(oldIds[i]);
                ids[slot] = oldIds[i];
                streams[slot] = stream;
            }
        }
    }
}
