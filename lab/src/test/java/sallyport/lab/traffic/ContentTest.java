package sallyport.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
    private static final int PERIOD = 1_048_573;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 498, PERIOD - 1, PERIOD, PERIOD + 1, PERIOD + 8, 3 * PERIOD + 5})
    void theDigestIsThatOfTheBytes(long length) throws Exception {
        byte[] bytes = bytes(Content.of(3), length);
        assertThat(bytes).hasSize((int) length);
        assertThat(Content.of(3).sha256(length))
                .isEqualTo(HexFormat.of().formatHex(Content.newSha256().digest(bytes)));
    }

    @Test
    void aShorterOneIsTheBeginningOfALongerOne() throws Exception {
        byte[] longer = bytes(Content.of(4), 2 * PERIOD);
        assertThat(bytes(Content.of(4), PERIOD + 3)).isEqualTo(Arrays.copyOf(longer, PERIOD + 3));
    }

    /// A whole period lost or doubled must not go unnoticed.
    @Test
    void periodsDiffer() throws Exception {
        byte[] two = bytes(Content.of(5), 2 * PERIOD);
        assertThat(Arrays.copyOfRange(two, PERIOD, 2 * PERIOD)).isNotEqualTo(Arrays.copyOf(two, PERIOD));
    }

    @Test
    void seedsDiffer() {
        assertThat(Content.of(1).sha256(100)).isNotEqualTo(Content.of(2).sha256(100));
    }

    private static byte[] bytes(Content content, long length) throws Exception {
        var out = new ByteArrayOutputStream();
        content.writeTo(out, length);
        return out.toByteArray();
    }
}
