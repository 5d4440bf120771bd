package sallyport.engine.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// POLYVAL in plain Java without tables or branches on secrets. Carry-less products come from ordinary ones: of each
/// factor only every fourth bit is kept at a time, so that no sum of 16 bits reaches a bit that is kept.
final class PortablePolyval implements Polyval {
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long BITS_0 = 0x1111111111111111L;
    private static final long BITS_1 = BITS_0 << 1;
    private static final long BITS_2 = BITS_0 << 2;
    private static final long BITS_3 = BITS_0 << 3;

    // The key's two words, their sum, and all three with their bits in reverse order, for upper halves of products.
    private long low;
    private long high;
    private long sum;
    private long lowReversed;
    private long highReversed;
    private long sumReversed;

    @Override
    public void key(byte[] array, int offset) {
        low = (long) LITTLE.get(array, offset);
        high = (long) LITTLE.get(array, offset + 8);
        sum = low ^ high;
        lowReversed = Long.reverse(low);
        highReversed = Long.reverse(high);
        sumReversed = lowReversed ^ highReversed;
    }

    @Override
    public void hash(byte[] blocks, int count, byte[] out) {
        long y0 = 0;
        long y1 = 0;
        for (int at = 0; at < count * BLOCK_LENGTH; at += BLOCK_LENGTH) {
            y0 ^= (long) LITTLE.get(blocks, at);
            y1 ^= (long) LITTLE.get(blocks, at + 8);
            long y0Reversed = Long.reverse(y0);
            long y1Reversed = Long.reverse(y1);

            // Karatsuba: three products of 64 bits, each in two halves.
            long lowLow = product(y0, low);
            long lowHigh = upper(y0Reversed, lowReversed);
            long highLow = product(y1, high);
            long highHigh = upper(y1Reversed, highReversed);
            long middleLow = product(y0 ^ y1, sum) ^ lowLow ^ highLow;
            long middleHigh = upper(y0Reversed ^ y1Reversed, sumReversed) ^ lowHigh ^ highHigh;

            // Divides by x^128 modulo x^128 + x^127 + x^126 + x^121 + 1, a word at a time.
            long w1 = lowHigh ^ middleLow ^ (lowLow << 63) ^ (lowLow << 62) ^ (lowLow << 57);
            long w2 = highLow ^ middleHigh ^ lowLow ^ (lowLow >>> 1) ^ (lowLow >>> 2) ^ (lowLow >>> 7);
            y0 = w2 ^ (w1 << 63) ^ (w1 << 62) ^ (w1 << 57);
            y1 = highHigh ^ w1 ^ (w1 >>> 1) ^ (w1 >>> 2) ^ (w1 >>> 7);
        }
        LITTLE.set(out, 0, y0);
        LITTLE.set(out, 8, y1);
    }

    /// Bits 64 to 127 of a product, from factors in reverse order.
    private static long upper(long aReversed, long bReversed) {
        return Long.reverse(product(aReversed, bReversed)) >>> 1;
    }

    /// Bits 0 to 63 of a carry-less product.
    private static long product(long a, long b) {
        long a0 = a & BITS_0;
        long a1 = a & BITS_1;
        long a2 = a & BITS_2;
        long a3 = a & BITS_3;
        long b0 = b & BITS_0;
        long b1 = b & BITS_1;
        long b2 = b & BITS_2;
        long b3 = b & BITS_3;
        long p0 = (a0 * b0) ^ (a1 * b3) ^ (a2 * b2) ^ (a3 * b1);
        long p1 = (a0 * b1) ^ (a1 * b0) ^ (a2 * b3) ^ (a3 * b2);
        long p2 = (a0 * b2) ^ (a1 * b1) ^ (a2 * b0) ^ (a3 * b3);
        long p3 = (a0 * b3) ^ (a1 * b2) ^ (a2 * b1) ^ (a3 * b0);
        return (p0 & BITS_0) | (p1 & BITS_1) | (p2 & BITS_2) | (p3 & BITS_3);
    }
}
