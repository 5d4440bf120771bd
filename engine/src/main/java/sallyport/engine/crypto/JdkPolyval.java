package sallyport.engine.crypto;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/// POLYVAL by the JDK's own GHASH, which its compiler replaces by carry-less multiplications. RFC 8452 Appendix A ties
/// the two: bytes of every block reversed, and a key that is the reversed one times x.
/// That GHASH is private to the JDK: without `--add-opens=java.base/com.sun.crypto.provider=ALL-UNNAMED` there is only
/// [PortablePolyval].
final class JdkPolyval implements Polyval {
    /// What the JDK's compiled code wants: the key, and space for powers of it, computed where it finds zeros.
    private static final int POWERS_LENGTH = 18;
    /// GHASH's polynomial without its highest term, in GHASH's order of bits.
    private static final long REDUCTION = 0xe1L << 56;

    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final MethodHandle PROCESS_BLOCKS = find();
    private static final boolean AVAILABLE = isRight();

    private final long[] state = new long[2];
    private final long[] powers = new long[POWERS_LENGTH];

    /// Only where [#isAvailable].
    JdkPolyval() {}

    /// Whether the JDK is open to us, and gives the result that RFC 8452 gives.
    static boolean isAvailable() {
        return AVAILABLE;
    }

    @Override
    public void key(byte[] array, int offset) {
        long high = (long) LITTLE.get(array, offset + 8);
        long low = (long) LITTLE.get(array, offset);
        Arrays.fill(powers, 0);
        powers[0] = (high >>> 1) ^ (-(low & 1) & REDUCTION);
        powers[1] = (low >>> 1) | (high << 63);
    }

    @Override
    public void hash(byte[] blocks, int count, byte[] out) {
        for (int at = 0; at < count * BLOCK_LENGTH; at += BLOCK_LENGTH) {
            long low = (long) LITTLE.get(blocks, at);
            BIG.set(blocks, at, (long) LITTLE.get(blocks, at + 8));
            BIG.set(blocks, at + 8, low);
        }
        state[0] = 0;
        state[1] = 0;
        process(blocks, count, state, powers);
        LITTLE.set(out, 0, state[1]);
        LITTLE.set(out, 8, state[0]);
    }

    /// The JDK checks no bounds here; that the loop above went through the same bytes is the check.
    private static void process(byte[] blocks, int count, long[] state, long[] powers) {
        try {
            PROCESS_BLOCKS.invokeExact(blocks, 0, count, state, powers);
        } catch (Throwable e) {
            throw new IllegalStateException("GHASH", e);
        }
    }

    /// Where the JDK is not open, a handle that does nothing, and so fails [#isRight].
    private static MethodHandle find() {
        MethodType type =
                MethodType.methodType(void.class, byte[].class, int.class, int.class, long[].class, long[].class);
        try {
            Class<?> ghash = Class.forName("com.sun.crypto.provider.GHASH");
            return MethodHandles.privateLookupIn(ghash, MethodHandles.lookup())
                    .findStatic(ghash, "processBlocks", type);
        } catch (ReflectiveOperationException e) {
            return MethodHandles.empty(type);
        }
    }

    /// The example of RFC 8452 Appendix A.
    private static boolean isRight() {
        HexFormat hex = HexFormat.of();
        byte[] blocks = hex.parseHex("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362");
        byte[] out = new byte[BLOCK_LENGTH];
        JdkPolyval polyval = new JdkPolyval();
        polyval.key(hex.parseHex("25629347589242761d31f826ba4b757b"), 0);
        polyval.hash(blocks, 2, out);
        return hex.formatHex(out).equals("f7a3b47b846119fae5b7866cf5e5b77e");
    }
}
