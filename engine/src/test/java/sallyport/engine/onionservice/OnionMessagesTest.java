package sallyport.engine.onionservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.ExtensionList.Extension;
import sallyport.engine.crypto.Ed25519;

/// What we read of the messages of services and clients: C tor's own, ours, and none that is only similar.
class OnionMessagesTest {
    private static final int MAC_COVERS = 36;
    private static final byte[] SECRET = OnionMessages.secret(7);
    private static final byte[] KEY = Ed25519.publicKey(SECRET);
    private static final byte[] NONCE = new byte[20];

    @Test
    void readsWhatServicesOfCTorSend() throws Malformed {
        byte[] body = captured("ESTABLISH_INTRO").getFirst();

        EstablishIntro request = EstablishIntro.decode(body, 0, body.length);

        assertThat(Hex.lower(request.authKey()))
                .isEqualTo("0450eff847e40c180888f5eb9179f9b59f043385834b4c373c328e12fdff46b4");
        assertThat(request.extensions().extensions()).isEmpty();
        assertThat(request.isSigned()).isTrue();
        // Whose circuit it was made for is not known, but it was not this one.
        assertThat(request.isFor(NONCE)).isFalse();
    }

    /// The MAC was computed with Python's hashlib, for a nonce of 1, 2, ... 20.
    @Test
    void theMacIsKeyedWithTheCircuit() throws Malformed {
        byte[] nonce = new byte[20];
        for (int i = 0; i < nonce.length; i++) {
            nonce[i] = (byte) (i + 1);
        }
        byte[] body = captured("ESTABLISH_INTRO").getFirst();
        byte[] mac = Hex.decode("f751d2675b46d9c48c64bce5487283e991e6790d9cf57e7c975fd2c3556639fc");
        System.arraycopy(mac, 0, body, MAC_COVERS, mac.length);

        EstablishIntro request = EstablishIntro.decode(body, 0, body.length);

        assertThat(request.isFor(nonce)).isTrue();
        nonce[19]++;
        assertThat(request.isFor(nonce)).isFalse();
        assertThat(request.isSigned()).isFalse();
    }

    @Test
    void anyChangedBitEndsTheProof() throws Malformed {
        byte[] good = OnionMessages.establishIntro(SECRET, NONCE, OnionMessages.rate(3, 4));
        assertThat(isProven(good)).isTrue();
        Random random = new Random(1);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << random.nextInt(8));
            assertThat(isProven(bad)).as("byte " + i).isFalse();
        }
        for (int length = 0; length < good.length; length++) {
            assertThat(isProven(Arrays.copyOf(good, length)))
                    .as("length " + length)
                    .isFalse();
        }
        assertThat(isProven(Arrays.copyOf(good, good.length + 1))).isTrue();
    }

    @Test
    void messagesOfVersionTwoAreRefused() {
        byte[] establish = captured("ESTABLISH_INTRO").get(1);
        byte[] introduce = captured("INTRODUCE1").get(1);
        assertThatThrownBy(() -> EstablishIntro.decode(establish, 0, establish.length))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> Introduce1.decode(introduce, 0, introduce.length))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void readsWhatClientsOfCTorSend() throws Malformed {
        byte[] body = captured("INTRODUCE1").getFirst();
        assertThat(Hex.lower(Introduce1.decode(body, 0, body.length).authKey()))
                .isEqualTo("11aaa1ba28353424061a63326c3bff4fe4ec7ec24bb5eb740e9d167def103206");
    }

    @Test
    void anIntroductionNeedsAKeySomethingSealedAndRoomInAnyCell() throws Malformed {
        byte[] least = OnionMessages.introduce1(KEY, new byte[1]);
        assertThat(Introduce1.decode(least, 0, least.length).authKey()).isEqualTo(KEY);
        for (int length = 0; length < least.length; length++) {
            assertRefused(Arrays.copyOf(least, length));
        }
        assertThat(Introduce1.LENGTH_MAX).isEqualTo(490);
        int room = Introduce1.LENGTH_MAX - least.length + 1;
        byte[] most = OnionMessages.introduce1(KEY, new byte[room]);
        assertThat(Introduce1.decode(most, 0, most.length).authKey()).isEqualTo(KEY);
        assertRefused(OnionMessages.introduce1(KEY, new byte[room + 1]));
        assertRefused(OnionMessages.introduce1(new byte[31], new byte[9]));
        assertRefused(OnionMessages.introduce1(new byte[33], new byte[9]));
        for (int i = 0; i < 21; i++) {
            byte[] another = least.clone();
            another[i] ^= 1;
            assertRefused(another);
        }
        // The extension that is promised is not there.
        byte[] promise = least.clone();
        promise[55] = 1;
        assertRefused(promise);
    }

    @Test
    void extensionsThatNobodyKnowsAreLeftAlone() throws Malformed {
        Extension unknown = new Extension(77, new byte[] {1, 2, 3});
        assertThat(isProven(OnionMessages.establishIntro(SECRET, NONCE, unknown, unknown)))
                .isTrue();
        byte[] sealed = new Writer().u8(2).u8(9).u8(0).u8(9).u8(1).u8(5).u8(42).toBytes();
        byte[] body = OnionMessages.introduce1(KEY, sealed);
        // The extensions' count is the first byte of what the helper seals.
        byte[] shifted = new Writer().bytes(body, 0, 55).bytes(sealed).toBytes();
        assertThat(Introduce1.decode(shifted, 0, shifted.length).authKey()).isEqualTo(KEY);
        assertRefused(Arrays.copyOf(shifted, shifted.length - 1));
    }

    private static boolean isProven(byte[] body) throws Malformed {
        try {
            EstablishIntro request = EstablishIntro.decode(body, 0, body.length);
            return request.isFor(NONCE) && request.isSigned();
        } catch (Malformed e) {
            return false;
        }
    }

    private static void assertRefused(byte[] body) {
        assertThatThrownBy(() -> Introduce1.decode(body, 0, body.length)).isInstanceOf(Malformed.class);
    }

    private static List<byte[]> captured(String name) {
        try (InputStream in = OnionMessagesTest.class.getResourceAsStream("/vectors/onionservice/messages.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .map(line -> hex(line.substring(name.length() + 1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] hex(String text) {
        try {
            return Hex.decode(text);
        } catch (Malformed e) {
            throw new IllegalStateException(e);
        }
    }
}
