package sallyport.engine.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import sallyport.engine.world.SeededEntropy;

class UniqueCountTest {
    private final UniqueCount count = new UniqueCount(new SeededEntropy(4));

    /// From the paper's appendix A: key 00 to 0f, message 00 to 0e.
    @Test
    void theHashIsThePapers() {
        byte[] key = new byte[16];
        byte[] message = new byte[15];
        for (byte i = 0; i < 16; i++) {
            key[i] = i;
            if (i < message.length) {
                message[i] = i;
            }
        }
        KeyedHash hash = new KeyedHash(key);

        assertThat(hash.of(message)).isEqualTo(0xa129ca6149be45e5L);
        // The first of the reference implementation's vectors: the empty message.
        assertThat(hash.of(new byte[0])).isEqualTo(0x726fdb47dd0e0e31L);
    }

    @Test
    void upToTheLimitEveryValueCountsOnce() {
        for (int i = 0; i < UniqueCount.KEPT_MAX; i++) {
            count.add(value(i));
            count.add(value(i / 2));
        }

        assertThat(count.count()).isEqualTo(UniqueCount.KEPT_MAX);
    }

    @Test
    void beyondTheLimitTheCountIsAnEstimate() {
        for (int i = 0; i < 300_000; i++) {
            count.add(value(i));
        }
        // Six standard deviations.
        assertThat(count.count()).isCloseTo(300_000, within(36_000L));
        long before = count.count();
        for (int i = 0; i < 300_000; i++) {
            count.add(value(i));
        }
        assertThat(count.count()).isEqualTo(before);
    }

    @Test
    void whatIsForgottenIsNew() {
        count.add(value(7));
        count.clear();
        assertThat(count.count()).isZero();
        count.add(value(7));
        assertThat(count.count()).isEqualTo(1);
    }

    private static byte[] value(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }
}
