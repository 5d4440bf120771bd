package sallyport.engine.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads big-endian values from a slice of a byte array and never past its end.
/// Holds a view, not a copy: the array must not change while it is read. Every method throws
/// [Malformed] where fewer bytes remain than asked for, before anything is allocated.
public final class Reader {
    private final byte[] array;
    private final int end;
    private int at;

    public Reader(byte[] array) {
        this(array, 0, array.length);
    }

    /// @throws IndexOutOfBoundsException when the slice does not lie in the array: our own fault
    public Reader(byte[] array, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, array.length);
        this.array = array;
        this.at = offset;
        this.end = offset + length;
    }

    /// Bytes not yet read.
    public int remaining() {
        return end - at;
    }

    /// Position in the array of the next byte.
    public int position() {
        return at;
    }

    public int u8() throws Malformed {
        need(1);
        return array[at++] & 0xff;
    }

    public int u16() throws Malformed {
        need(2);
        int v = (array[at] & 0xff) << 8 | (array[at + 1] & 0xff);
        at += 2;
        return v;
    }

    /// An unsigned 32-bit value.
    public long u32() throws Malformed {
        return i32() & 0xffff_ffffL;
    }

    /// The same four bytes as a signed int.
    public int i32() throws Malformed {
        need(4);
        int v = (array[at] & 0xff) << 24
                | (array[at + 1] & 0xff) << 16
                | (array[at + 2] & 0xff) << 8
                | (array[at + 3] & 0xff);
        at += 4;
        return v;
    }

    /// Eight bytes as a long; values above 2^63-1 come out negative.
    public long u64() throws Malformed {
        long high = u32();
        return high << 32 | u32();
    }

    /// A copy of the next `length` bytes.
    public byte[] bytes(int length) throws Malformed {
        need(length);
        byte[] out = Arrays.copyOfRange(array, at, at + length);
        at += length;
        return out;
    }

    /// A reader over the next `length` bytes, which this one skips.
    public Reader slice(int length) throws Malformed {
        need(length);
        Reader part = new Reader(array, at, length);
        at += length;
        return part;
    }

    public void skip(int length) throws Malformed {
        need(length);
        at += length;
    }

    /// The bytes before the next `delimiter` as ISO-8859-1 text; the delimiter is consumed.
    /// Fails when there is none within the slice.
    public String textUntil(int delimiter) throws Malformed {
        for (int i = at; i < end; i++) {
            if (array[i] == (byte) delimiter) {
                String text = new String(array, at, i - at, StandardCharsets.ISO_8859_1);
                at = i + 1;
                return text;
            }
        }
        throw new Malformed("delimiter missing");
    }

    /// All bytes that remain.
    public byte[] rest() {
        byte[] out = Arrays.copyOfRange(array, at, end);
        at = end;
        return out;
    }

    private void need(int length) throws Malformed {
        if (length < 0 || length > end - at) {
            throw new Malformed("too short");
        }
    }
}
