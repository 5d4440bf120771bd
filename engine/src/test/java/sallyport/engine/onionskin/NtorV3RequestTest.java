package sallyport.engine.onionskin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;

/// The client's half of ntor-v3: an answer it takes from the wrong relay, or terms that it did not ask
/// for, would make a circuit that nobody can use, or somebody else can.
class NtorV3RequestTest {
    private static final int INCREMENT = 31;
    private static final NtorKeyPair JUNK = pair(new Random(99));

    private final Random random = new Random(1);
    private final OnionKeys keys = new OnionKeys(pair(random), null);
    private final byte[] id = bytes(random, 32);

    /// Numbers of C tor's test_ntor_v3.c, which come from the reference implementation of proposal 332.
    @Test
    void vectorOfTheReferenceImplementation() throws Malformed {
        NtorV3Request request = new NtorV3Request(
                hex("9fad2af287ef942632833d21f946c6260c33fae6172b60006e86e4a6911753a2"),
                hex("f8307a2bc1870b00b828bb74dbb8fd88e632a6375ab3bcd1ae706aaa8b6cdd1d"),
                hex("b825a3719147bcbe5fb1d0b0fcb9c09e51948048e2e3283d2ab7b45b5ef38b49"),
                hex("68656c6c6f20776f726c64"),
                hex("78797a7a79"));
        assertThat(request.bytes())
                .isEqualTo(hex("9fad2af287ef942632833d21f946c6260c33fae6172b60006e86e4a6911753a2"
                        + "f8307a2bc1870b00b828bb74dbb8fd88e632a6375ab3bcd1ae706aaa8b6cdd1d"
                        + "252fe9ae91264c91d4ecb8501f79d0387e34ad8ca0f7c995184f7d11d5da4f46"
                        + "3bebd9151fd3b47c180abc9e044d53565f04d82bbb3bebed3d06cea65db8be9c72b68cd461942088502f67"));

        NtorV3Request.Finished finished = request.finish(
                hex("4bf4814326fdab45ad5184f5518bd7fae25dc59374062698201a50a22954246d"
                        + "2fc5f8773ca824542bc6cf6f57c7c29bbf4e5476461ab130c5b18ab0a9127665"
                        + "1202c3e1e87c0d32054c"),
                32);

        assertThat(finished.message()).isEqualTo(hex("486f6c61204d756e646f"));
        assertThat(finished.stream())
                .isEqualTo(hex("9c19b631fd94ed86a817e01f6c80b0743a43f5faebd39cfaa8b00fa8bcc65c3b"));
    }

    @ParameterizedTest
    @CsvSource({"0, false, 31, 0", "31, false, 31, 31", "31, false, 32, 32", "31, false, 0, 0", "31, true, 30, 30"})
    void bothSidesAgreeOnKeysAndTerms(int asked, boolean counterGalois, int offered, int granted) throws Malformed {
        CircuitTerms wanted = new CircuitTerms(asked, counterGalois);
        ClientHandshake client = ClientHandshake.ntorV3(id, keys.current().publicKey(), bytes(random, 32), wanted);
        HandshakeAnswer answer = NtorV3.answer(client.request(), id, keys, JUNK, bytes(random, 32), offered);

        ClientHandshake.Agreed agreed = client.finish(answer.reply());

        assertThat(agreed.terms()).isEqualTo(new CircuitTerms(granted, counterGalois));
        assertThat(agreed.secrets().keys()).isEqualTo(answer.secrets().keys());
        assertThat(agreed.secrets().nonce()).isEqualTo(answer.secrets().nonce());
    }

    /// C tor's bounds: an increment that differs by more than one from the consensus is refused.
    @ParameterizedTest
    @CsvSource({
        "31, false, 0101021f, too short",
        "31, false, 01020121, not asked for",
        "31, false, 0102011d, not asked for",
        "31, false, 01020100, not asked for",
        "31, false, 010200, not asked for",
        "31, false, 0102021f1f, not asked for",
        "0, false, 0102011f, not asked for",
        "31, true, 00, needs",
    })
    void termsThatWereNotAskedForAreRefused(int asked, boolean counterGalois, String message, String what) {
        assertThatThrownBy(() -> new CircuitTerms(asked, counterGalois).granted(hex(message)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining(what);
    }

    @Test
    void anyChangedBitOfAnAnswerIsNoticed() throws Malformed {
        for (int i = 0; i < 60; i++) {
            ClientHandshake client = ClientHandshake.ntorV3(
                    id, keys.current().publicKey(), bytes(random, 32), new CircuitTerms(INCREMENT, false));
            byte[] reply = NtorV3.answer(client.request(), id, keys, JUNK, bytes(random, 32), INCREMENT)
                    .reply();
            reply[random.nextInt(reply.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> client.finish(reply)).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void anAnswerCutShortIsRefused() {
        ClientHandshake client =
                ClientHandshake.ntorV3(id, keys.current().publicKey(), bytes(random, 32), CircuitTerms.PLAIN);
        assertThatThrownBy(() -> client.finish(new byte[NtorV3.REPLY_OVERHEAD - 1]))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("length");
    }

    private static NtorKeyPair pair(Random random) {
        byte[] secret = Curve25519.clamp(bytes(random, 32));
        return new NtorKeyPair(secret, Curve25519.publicKey(secret));
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
