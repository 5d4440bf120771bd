package sallyport.engine.accounting;

/// SipHash-2-4 (Aumasson and Bernstein, 2012): who does not know the key cannot tell which value a hash is of.
public final class KeyedHash {
    public static final int KEY_BYTES = 16;

    private static final int ROUNDS_PER_WORD = 2;
    private static final int ROUNDS_AT_END = 4;

    private final long k0;
    private final long k1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /// @param key of [#KEY_BYTES] bytes; borrowed
    public KeyedHash(byte[] key) {
        k0 = word(key, 0, Long.BYTES);
        k1 = word(key, Long.BYTES, Long.BYTES);
    }

    long of(byte[] value) {
        begin();
        int whole = value.length & -Long.BYTES;
        for (int at = 0; at < whole; at += Long.BYTES) {
            mix(word(value, at, Long.BYTES));
        }
        return end((long) value.length << 56 | word(value, whole, value.length - whole));
    }

    /// The hash of the eight bytes of a number, little-endian.
    public long of(long value) {
        begin();
        mix(value);
        return end((long) Long.BYTES << 56);
    }

    private void begin() {
        v0 = k0 ^ 0x736f6d6570736575L;
        v1 = k1 ^ 0x646f72616e646f6dL;
        v2 = k0 ^ 0x6c7967656e657261L;
        v3 = k1 ^ 0x7465646279746573L;
    }

    private long end(long last) {
        mix(last);
        v2 ^= 0xff;
        rounds(ROUNDS_AT_END);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void mix(long word) {
        v3 ^= word;
        rounds(ROUNDS_PER_WORD);
        v0 ^= word;
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
    }

    /// Little-endian.
    private static long word(byte[] bytes, int at, int length) {
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << 8 | (bytes[at + i] & 0xff);
        }
        return word;
    }
}
