package sallyport.lab.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// The bytes that load and server send: byte N is N modulo 251, so that what is lost, doubled or in
/// another order shows at the next look at a single byte.
final class Pattern {
    private static final int PERIOD = 251;
    private static final int PERIODS = 256;

    /// How many bytes one piece has at most.
    static final int PIECE_BYTES = PERIOD * (PERIODS - 1);

    private static final ByteBuf BYTES = Unpooled.unreleasableBuffer(made().asReadOnly());

    private Pattern() {}

    /// The bytes from that position on, as many as told but no more than a piece; the caller owns them.
    static ByteBuf piece(long position, long wanted) {
        return BYTES.retainedSlice((int) (position % PERIOD), (int) Math.min(wanted, PIECE_BYTES));
    }

    /// Whether the first and the last byte are those that stand at this position.
    static boolean isAt(long position, ByteBuf bytes, int length) {
        return length == 0
                || (bytes.getUnsignedByte(bytes.readerIndex()) == position % PERIOD
                        && bytes.getUnsignedByte(bytes.readerIndex() + length - 1) == (position + length - 1) % PERIOD);
    }

    private static ByteBuf made() {
        ByteBuf bytes = Unpooled.directBuffer(PERIOD * PERIODS);
        for (int i = 0; i < PERIOD * PERIODS; i++) {
            bytes.writeByte(i % PERIOD);
        }
        return bytes;
    }
}
