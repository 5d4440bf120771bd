package sallyport.engine.link;

import java.util.Arrays;

/// The DESTROY cells of a link that wait, oldest first: id and reason of each in one long.
final class DestroyQueue {
    private long[] ring = new long[16];
    private int first;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(int circuitId, int reasonCode) {
        if (size == ring.length) {
            long[] larger = Arrays.copyOfRange(ring, first, first + size * 2);
            System.arraycopy(ring, 0, larger, size - first, first);
            ring = larger;
            first = 0;
        }
        ring[(first + size++) & (ring.length - 1)] = (long) reasonCode << 32 | (circuitId & 0xffff_ffffL);
    }

    /// Removes the oldest; see [#circuitId] and [#reasonCode].
    long poll() {
        if (size == 0) {
            throw new IllegalStateException("empty queue");
        }
        long oldest = ring[first];
        first = (first + 1) & (ring.length - 1);
        size--;
        return oldest;
    }

    static int circuitId(long entry) {
        return (int) entry;
    }

    static int reasonCode(long entry) {
        return (int) (entry >>> 32);
    }
}
