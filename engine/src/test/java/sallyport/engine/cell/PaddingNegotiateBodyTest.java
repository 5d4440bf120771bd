package sallyport.engine.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;

/// Bytes laid out as C tor's `circpad_negotiate` and `circpad_negotiated` have them.
class PaddingNegotiateBodyTest {
    private static final PaddingNegotiateBody START = new PaddingNegotiateBody(true, 1, 0x8000_0001L);
    private static final PaddingNegotiateBody STOP = new PaddingNegotiateBody(false, 255, 0);

    @Test
    void writesAndReadsTheBytesOfCTor() throws Malformed {
        assertThat(Hex.lower(START.encode())).isEqualTo("0002010080000001");
        assertThat(Hex.lower(STOP.encode())).isEqualTo("0001ff0000000000");
        assertThat(decode("0002010080000001")).isEqualTo(START);
        assertThat(decode("0002010180000001")).as("an echo request is allowed").isEqualTo(START);
        assertThat(decode("0001ff00000000000708")).as("more may follow").isEqualTo(STOP);
    }

    @Test
    void answersInTheBytesOfCTor() {
        assertThat(Hex.lower(new PaddingNegotiatedBody(true, true, 0, 1).encode()))
                .isEqualTo("0002010000000001");
        assertThat(Hex.lower(new PaddingNegotiatedBody(true, false, 7, 0xffff_ffffL).encode()))
                .isEqualTo("00020207ffffffff");
        assertThat(Hex.lower(new PaddingNegotiatedBody(false, true, 1, 2).encode()))
                .isEqualTo("0001010100000002");
    }

    @Test
    void refusesWhatCTorRefuses() {
        for (String body : new String[] {
            "",
            "00",
            "000201",
            "00020100000000",
            "0102010000000001",
            "0000010000000001",
            "0003010000000001",
            "00ff010000000001",
            "0002010200000001",
            "000201ff00000001"
        }) {
            assertThatThrownBy(() -> decode(body)).as(body).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void anyBytesAreReadWithinTheirBoundsOrRefused() throws Malformed {
        Random random = new Random(41);
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            for (int at = 0; at < Math.min(4, bytes.length); at++) {
                bytes[at] &= 3;
            }
            try {
                PaddingNegotiateBody body = PaddingNegotiateBody.decode(bytes, 0, bytes.length);
                read++;
                byte[] known = Arrays.copyOf(bytes, 8);
                known[3] = 0;
                assertThat(body.encode()).isEqualTo(known);
            } catch (Malformed e) {
                assertThat(bytes.length < 8 || bytes[0] != 0 || bytes[1] % 3 == 0 || bytes[3] > 1)
                        .isTrue();
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }

    private static PaddingNegotiateBody decode(String hex) throws Malformed {
        byte[] bytes = Hex.decode(hex);
        return PaddingNegotiateBody.decode(bytes, 0, bytes.length);
    }
}
