package sallyport.engine.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Which of the two ways a machine has must never show in what it sends.
class PolyvalTest {
    private static final int BLOCKS_MAX = 40;

    /// Tests run with the JDK open to us, as Sallyport does; otherwise one of the two ways would go untested.
    private final List<Polyval> both = List.of(new JdkPolyval(), new PortablePolyval());

    @Test
    void theFasterWayIsChosen() {
        assertThat(JdkPolyval.isAvailable()).isTrue();
        assertThat(Polyval.create()).isInstanceOf(JdkPolyval.class);
    }

    /// RFC 8452 Appendix A.
    @Test
    void vectorOfTheSpecification() {
        for (Polyval polyval : both) {
            polyval.key(hex("25629347589242761d31f826ba4b757b"), 0);
            byte[] out = new byte[16];
            polyval.hash(hex("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362"), 2, out);
            assertThat(out).isEqualTo(hex("f7a3b47b846119fae5b7866cf5e5b77e"));
        }
    }

    @Test
    void bothGiveWhatBitByBitMultiplicationGives() {
        Random random = new Random(21);
        for (int i = 0; i < 2_000; i++) {
            byte[] key = bytes(random, 20);
            byte[] blocks = bytes(random, 16 * random.nextInt(BLOCKS_MAX + 1));
            int offset = random.nextInt(5);
            byte[] expected = bitByBit(Arrays.copyOfRange(key, offset, offset + 16), blocks);
            for (Polyval polyval : both) {
                polyval.key(key, offset);
                byte[] out = new byte[16];
                polyval.hash(blocks.clone(), blocks.length / 16, out);
                assertThat(out).isEqualTo(expected);
                polyval.hash(blocks.clone(), blocks.length / 16, out);
                assertThat(out).as("the same again").isEqualTo(expected);
            }
        }
    }

    /// Keys and blocks of few bits or nearly all, where carries of ordinary multiplication would show.
    @Test
    void extremesAgree() {
        for (int bit = 0; bit < 128; bit++) {
            byte[] one = new byte[16];
            one[bit / 8] = (byte) (1 << bit % 8);
            byte[] most = new byte[16];
            Arrays.fill(most, (byte) 0xff);
            most[bit / 8] ^= one[bit / 8];
            for (byte[] key : List.of(one, most)) {
                for (byte[] block : List.of(one, most)) {
                    for (Polyval polyval : both) {
                        polyval.key(key, 0);
                        byte[] out = block.clone();
                        polyval.hash(out, 1, out);
                        assertThat(out).isEqualTo(bitByBit(key, block));
                    }
                }
            }
        }
    }

    /// RFC 8452 section 3: bit 0 of byte 0 is the coefficient of x^0, and each product is divided by x^128.
    private static byte[] bitByBit(byte[] key, byte[] blocks) {
        ByteBuffer h = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer in = ByteBuffer.wrap(blocks).order(ByteOrder.LITTLE_ENDIAN);
        long[] sum = new long[2];
        while (in.hasRemaining()) {
            sum[0] ^= in.getLong();
            sum[1] ^= in.getLong();
            long low = 0;
            long high = 0;
            for (int bit = 0; bit < 128; bit++) {
                if ((sum[bit / 64] >>> bit % 64 & 1) != 0) {
                    low ^= h.getLong(0);
                    high ^= h.getLong(8);
                }
                boolean odd = (low & 1) != 0;
                low = (low >>> 1) | (high << 63);
                high = (high >>> 1) ^ (odd ? 0xe1L << 56 : 0);
            }
            sum[0] = low;
            sum[1] = high;
        }
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(sum[0])
                .putLong(sum[1])
                .array();
    }

    private static byte[] bytes(Random random, int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
