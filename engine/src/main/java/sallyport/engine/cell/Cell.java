package sallyport.engine.cell;

import org.jspecify.annotations.Nullable;

/// A fixed-length cell: 514 bytes on the heap, reused by its loop's [CellPool].
///
/// Whoever holds a cell passes it on or calls [#release] exactly once. The array is laid out as on a link of
/// version 4 or 5: circuit id (4), command (1), body (509). Fields outside the body are written by setters only,
/// so relay crypto may work on [#array] from [#BODY] on.
public final class Cell {
    /// Bytes of a cell on links of version 4 and 5 (tor-spec "Cell packet format").
    public static final int LENGTH = 514;
    /// Where the body starts.
    public static final int BODY = 5;
    /// Bytes of a body.
    public static final int BODY_LENGTH = 509;
    /// What a held cell costs the heap: its array with header, and the handle.
    public static final int CHARGED_BYTES = 568;

    private final byte[] array = new byte[LENGTH];
    private final CellPool pool;
    boolean held;

    /// Link in whatever queue holds the cell; belongs to the holder.
    public @Nullable Cell next;

    /// When the cell joined its queue, in ticker nanoseconds; belongs to the holder.
    public long queuedNanos;

    Cell(CellPool pool) {
        this.pool = pool;
    }

    public byte[] array() {
        return array;
    }

    public int circuitId() {
        return i32(0);
    }

    public void circuitId(int id) {
        put32(0, id);
    }

    public int command() {
        return array[4] & 0xff;
    }

    public void command(int command) {
        array[4] = (byte) command;
    }

    /// An unsigned byte of the body.
    public int u8(int bodyOffset) {
        return array[BODY + bodyOffset] & 0xff;
    }

    public int u16(int bodyOffset) {
        return u8(bodyOffset) << 8 | u8(bodyOffset + 1);
    }

    public void put8(int bodyOffset, int v) {
        array[BODY + bodyOffset] = (byte) v;
    }

    public void put16(int bodyOffset, int v) {
        put8(bodyOffset, v >>> 8);
        put8(bodyOffset + 1, v);
    }

    public void putBytes(int bodyOffset, byte[] src, int offset, int length) {
        if (length > BODY_LENGTH - bodyOffset) {
            throw new IllegalStateException("beyond the body");
        }
        System.arraycopy(src, offset, array, BODY + bodyOffset, length);
    }

    /// Writes zeros from `bodyOffset` to the end of the body.
    public void zeroFrom(int bodyOffset) {
        java.util.Arrays.fill(array, BODY + bodyOffset, LENGTH, (byte) 0);
    }

    /// Gives the cell back. Its content is undefined from here on.
    public void release() {
        pool.take(this);
    }

    private int i32(int at) {
        return (array[at] & 0xff) << 24
                | (array[at + 1] & 0xff) << 16
                | (array[at + 2] & 0xff) << 8
                | (array[at + 3] & 0xff);
    }

    private void put32(int at, int v) {
        array[at] = (byte) (v >>> 24);
        array[at + 1] = (byte) (v >>> 16);
        array[at + 2] = (byte) (v >>> 8);
        array[at + 3] = (byte) v;
    }
}
