package sallyport.engine.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Malformed;

/// The bodies of LINK, LINKED and SWITCH, byte by byte as proposal 329 and C tor's `conflux.trunnel` lay
/// them out.
class ConfluxBodyTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String NONCE = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String LINK = "01" + NONCE + "0000000000000102" + "fffffffffffffffe" + "03";

    @Test
    void linkNamesItsSetAndClaimsBothSequences() throws Malformed {
        ConfluxLinkBody body = decode(HEX.parseHex(LINK));
        assertThat(HEX.formatHex(body.nonce())).isEqualTo(NONCE);
        assertThat(body.lastSent()).isEqualTo(0x102);
        assertThat(body.lastReceived()).isEqualTo(-2);
        assertThat(body.ux()).isEqualTo(DesiredUx.HIGH_THROUGHPUT);
        assertThat(HEX.formatHex(body.encode())).isEqualTo(LINK);
    }

    @Test
    void whatStandsBehindIsNotLookedAt() throws Malformed {
        byte[] longer = Arrays.copyOf(HEX.parseHex(LINK), 498);
        assertThat(HEX.formatHex(decode(longer).encode())).isEqualTo(LINK);
    }

    @Test
    void everyByteIsNeeded() {
        byte[] whole = HEX.parseHex(LINK);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decode(cut)).as("%d bytes", length).isInstanceOf(Malformed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 255})
    void otherVersionsAreRefused(int version) {
        byte[] body = HEX.parseHex(LINK);
        body[0] = (byte) version;
        assertThatThrownBy(() -> decode(body)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 255})
    void fiveWishesAreKnown(int ux) throws Malformed {
        byte[] body = HEX.parseHex(LINK);
        body[body.length - 1] = (byte) ux;
        if (ux > 4) {
            assertThatThrownBy(() -> decode(body)).isInstanceOf(Malformed.class);
        } else {
            assertThat(decode(body).ux().code()).isEqualTo(ux);
        }
    }

    @Test
    void switchIsFourBytesWithoutSign() throws Malformed {
        byte[] most = HEX.parseHex("ffffffff");
        assertThat(ConfluxSwitchBody.decode(most, 0, 4).relative()).isEqualTo(ConfluxSwitchBody.RELATIVE_MAX);
        assertThat(new ConfluxSwitchBody(ConfluxSwitchBody.RELATIVE_MAX).encode())
                .isEqualTo(most);
        assertThat(HEX.formatHex(new ConfluxSwitchBody(0x1020304).encode())).isEqualTo("01020304");
        assertThatThrownBy(() -> ConfluxSwitchBody.decode(most, 0, 3)).isInstanceOf(Malformed.class);
    }

    private static ConfluxLinkBody decode(byte[] body) throws Malformed {
        byte[] within = new byte[body.length + 9];
        System.arraycopy(body, 0, within, 7, body.length);
        return ConfluxLinkBody.decode(within, 7, body.length);
    }
}
