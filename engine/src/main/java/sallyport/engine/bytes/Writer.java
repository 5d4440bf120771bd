package sallyport.engine.bytes;

import java.util.Arrays;

/// Writes big-endian values into an array that grows up to a limit given at the start.
/// Overrunning the limit is our own fault and throws [IllegalStateException].
public final class Writer {
    private final int limit;
    private byte[] array;
    private int at;

    /// A writer for control paths: at most 1 MiB.
    public Writer() {
        this(1 << 20);
    }

    public Writer(int limit) {
        this.limit = limit;
        this.array = new byte[Math.min(limit, 128)];
    }

    public Writer u8(int v) {
        room(1);
        array[at++] = (byte) v;
        return this;
    }

    public Writer u16(int v) {
        room(2);
        array[at++] = (byte) (v >>> 8);
        array[at++] = (byte) v;
        return this;
    }

    public Writer u32(long v) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            array[at++] = (byte) (v >>> shift);
        }
        return this;
    }

    public Writer u64(long v) {
        return u32(v >>> 32).u32(v);
    }

    public Writer bytes(byte[] src) {
        return bytes(src, 0, src.length);
    }

    public Writer bytes(byte[] src, int offset, int length) {
        room(length);
        System.arraycopy(src, offset, array, at, length);
        at += length;
        return this;
    }

    /// Text in US-ASCII; a character beyond it is our own fault.
    public Writer ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127) {
                throw new IllegalStateException("not ASCII");
            }
            array[at++] = (byte) c;
        }
        return this;
    }

    /// Bytes written so far.
    public int size() {
        return at;
    }

    /// A copy of what was written.
    public byte[] toBytes() {
        return Arrays.copyOf(array, at);
    }

    private void room(int length) {
        if (length > limit - at) {
            throw new IllegalStateException("writer limit of " + limit + " bytes");
        }
        if (length > array.length - at) {
            array = Arrays.copyOf(array, Math.min(limit, Math.max(array.length * 2, at + length)));
        }
    }
}
