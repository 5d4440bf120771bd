package sallyport.engine.bytes;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Bytes as the key of a map. Takes the array. Keys that a peer chose with equal hashes cost a map no more than the
/// logarithm of their number, for they have an order.
public final class ByteKey implements Comparable<ByteKey> {
    private final byte[] bytes;

    public ByteKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Shared, not a copy.
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof ByteKey other && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public int compareTo(ByteKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }
}
