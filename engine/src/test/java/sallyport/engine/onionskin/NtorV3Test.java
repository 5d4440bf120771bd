package sallyport.engine.onionskin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;

/// Current clients make every circuit with ntor-v3: one wrong byte and no relay of ours is ever used.
class NtorV3Test {
    private static final NtorKeyPair JUNK = pair(new Random(99));

    /// Numbers of C tor's test_ntor_v3.c, which come from the reference implementation of proposal 332.
    @Test
    void vectorOfTheReferenceImplementation() throws Malformed {
        byte[] id = hex("9fad2af287ef942632833d21f946c6260c33fae6172b60006e86e4a6911753a2");
        NtorKeyPair onion = new NtorKeyPair(
                hex("4051daa5921cfa2a1c27b08451324919538e79e788a81b38cbed097a5dff454a"),
                hex("f8307a2bc1870b00b828bb74dbb8fd88e632a6375ab3bcd1ae706aaa8b6cdd1d"));
        byte[] x = hex("b825a3719147bcbe5fb1d0b0fcb9c09e51948048e2e3283d2ab7b45b5ef38b49");
        byte[] y = hex("4865a5b7689dafd978f529291c7171bc159be076b92186405d13220b80e2a053");
        byte[] clientMessage = hex("68656c6c6f20776f726c64");
        byte[] relayMessage = hex("486f6c61204d756e646f");
        byte[] verification = hex("78797a7a79");

        NtorV3Client client = new NtorV3Client(id, onion.publicKey(), x, clientMessage, verification);
        assertThat(client.request())
                .isEqualTo(hex("9fad2af287ef942632833d21f946c6260c33fae6172b60006e86e4a6911753a2"
                        + "f8307a2bc1870b00b828bb74dbb8fd88e632a6375ab3bcd1ae706aaa8b6cdd1d"
                        + "252fe9ae91264c91d4ecb8501f79d0387e34ad8ca0f7c995184f7d11d5da4f46"
                        + "3bebd9151fd3b47c180abc9e044d53565f04d82bbb3bebed3d06cea65db8be9c72b68cd461942088502f67"));

        NtorV3.Opened opened = NtorV3.open(client.request(), id, new OnionKeys(onion, null), JUNK, verification);
        assertThat(opened.message()).isEqualTo(clientMessage);
        NtorV3.Sealed sealed = opened.seal(relayMessage, y, verification, 256);
        assertThat(sealed.reply())
                .isEqualTo(hex("4bf4814326fdab45ad5184f5518bd7fae25dc59374062698201a50a22954246d"
                        + "2fc5f8773ca824542bc6cf6f57c7c29bbf4e5476461ab130c5b18ab0a9127665"
                        + "1202c3e1e87c0d32054c"));
        byte[] expected = hex("9c19b631fd94ed86a817e01f6c80b0743a43f5faebd39cfaa8b00fa8bcc65c3bfeaa403d91acbd68"
                + "a821bf6ee8504602b094a254392a07737d5662768c7a9fb1b2814bb34780eaee6e867c773e28c212"
                + "ead563e98a1cd5d5b4576f5ee61c59bde025ff2851bb19b721421694f263818e3531e43a9e4e3e2c"
                + "661e2ad547d8984caa28ebecd3e4525452299be26b9185a20a90ce1eac20a91f2832d731b54502b0"
                + "9749b5a2a2949292f8cfcbeffb790c7790ed935a9d251e7e336148ea83b063a5618fcff674a44581"
                + "585fd22077ca0e52c59a24347a38d1a1ceebddbf238541f226b8f88d0fb9c07a1bcd2ea764bbbb5d"
                + "acdaf5312a14c0b9e4f06309b0333b4a");
        assertThat(sealed.stream()).isEqualTo(expected);
        assertThat(client.finish(sealed.reply(), 256)).isEqualTo(expected);
        assertThat(client.reply()).isEqualTo(relayMessage);
    }

    @Test
    void clientAndRelayAgreeWithCurrentAndPreviousKey() throws Malformed {
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            OnionKeys keys = new OnionKeys(pair(random), pair(random));
            NtorKeyPair used = random.nextBoolean() ? keys.current() : keys.previous();
            byte[] id = bytes(random, 32);
            NtorV3Client client =
                    new NtorV3Client(id, used.publicKey(), bytes(random, 32), NtorV3Client.congestionControl());
            HandshakeAnswer answer = NtorV3.answer(client.request(), id, keys, JUNK, bytes(random, 32), 31);
            CircuitSecrets secrets = client.finish(answer.reply());
            assertThat(secrets.keys()).isEqualTo(answer.secrets().keys()).hasSize(72);
            assertThat(secrets.nonce()).isEqualTo(answer.secrets().nonce()).hasSize(20);
            answer.secrets().destroy();
            assertThat(answer.secrets().keys()).containsOnly(0);
        }
    }

    /// The rules of C tor's test of the negotiation: on only where both want it, with the relay's increment.
    @ParameterizedTest
    @CsvSource({"00, 0, 0", "00, 31, 0", "010100, 0, 0", "010100, 1, 1", "010100, 31, 31", "010100, 254, 254"})
    void congestionControlNeedsBothSides(String message, int offered, int expected) throws Malformed {
        assertTerms(message, offered, expected);
    }

    /// Unknown extensions, what a type that needs no body carries, repetition, and bytes after the list: all ignored.
    @ParameterizedTest
    @ValueSource(
            strings = {"02ff03010203010100", "0101020707", "01010099", "0201000100", "0203000100", "03010002010a0100"})
    void whatAClientNeedNotSayIsIgnored(String message) throws Malformed {
        assertTerms(message, 31, 31);
    }

    @ParameterizedTest
    @CsvSource({
        "'', too short",
        "01, too short",
        "0101, too short",
        "010101, too short",
        "020100, too short",
        "010302, ",
        "0103020206, without congestion control",
        "0201000303020602, not offered",
        "0201000304020602 06, not offered",
        "0201000304020502 06, not offered",
        "020100030402060207, not offered",
        "02010003020107, not offered",
        "02010003020204, not offered",
        "01030102, not offered",
        "0103040205 0206, not offered",
    })
    void unreadableListsAndCapabilitiesFail(String message, String what) {
        Random random = new Random(3);
        OnionKeys keys = new OnionKeys(pair(random), null);
        byte[] id = bytes(random, 32);
        byte[] request = new NtorV3Client(
                        id, keys.current().publicKey(), bytes(random, 32), hex(message.replace(" ", "")))
                .request();
        assertThatThrownBy(() -> NtorV3.answer(request, id, keys, JUNK, new byte[32], 31))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining(what == null ? "" : what);
    }

    /// The list of any order; a type that repeats counts once.
    @ParameterizedTest
    @ValueSource(strings = {"02010003020206", "02030202060100", "0301000302020603020204"})
    void counterGaloisOnionHasItsOwnKeys(String message) throws Malformed {
        Random random = new Random(6);
        OnionKeys keys = new OnionKeys(pair(random), null);
        byte[] id = bytes(random, 32);
        NtorV3Client client = new NtorV3Client(id, keys.current().publicKey(), bytes(random, 32), hex(message));
        HandshakeAnswer answer = NtorV3.answer(client.request(), id, keys, JUNK, bytes(random, 32), 31);
        assertThat(answer.counterGalois()).isTrue();
        CircuitSecrets secrets = client.finishCounterGalois(answer.reply());
        assertThat(secrets.keys()).isEqualTo(answer.secrets().keys()).hasSize(160);
        assertThat(secrets.nonce()).isEqualTo(answer.secrets().nonce()).hasSize(20);
        assertThat(client.sendmeIncrement()).isEqualTo(31);
    }

    @Test
    void counterGaloisOnionFailsWhereTheConsensusHasNoCongestionControl() {
        Random random = new Random(7);
        OnionKeys keys = new OnionKeys(pair(random), null);
        byte[] id = bytes(random, 32);
        byte[] request = new NtorV3Client(
                        id, keys.current().publicKey(), bytes(random, 32), NtorV3Client.counterGalois())
                .request();
        assertThatThrownBy(() -> NtorV3.answer(request, id, keys, JUNK, new byte[32], 0))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("without congestion control");
    }

    @Test
    void refusesAnotherRelaysRequestUnknownKeysSmallOrderAndWrongLengths() {
        Random random = new Random(2);
        OnionKeys keys = new OnionKeys(pair(random), null);
        byte[] id = bytes(random, 32);
        byte[] good = request(random, id, keys.current().publicKey());

        assertRefused(good, bytes(random, 32), keys, "ntor-v3 request for another relay");
        assertRefused(good, id, new OnionKeys(pair(random), null), "ntor-v3 request with an unknown onion key");
        assertRefused(request(random, id, JUNK.publicKey()), id, keys, "ntor-v3 request with an unknown onion key");
        assertRefused(Arrays.copyOf(good, good.length - 1), id, keys, "ntor-v3 request with a wrong MAC");
        assertRefused(Arrays.copyOf(good, NtorV3.REQUEST_OVERHEAD), id, keys, "ntor-v3 request with a wrong MAC");
        assertRefused(Arrays.copyOf(good, NtorV3.REQUEST_OVERHEAD - 1), id, keys, "ntor-v3 request length");
        assertRefused(new byte[0], id, keys, "ntor-v3 request length");
        byte[] smallOrder = good.clone();
        Arrays.fill(smallOrder, 64, 96, (byte) 0);
        assertRefused(smallOrder, id, keys, "ntor-v3 request with a key of small order");
    }

    @Test
    void anyChangedBitIsNoticedOnBothSides() throws Malformed {
        Random random = new Random(4);
        OnionKeys keys = new OnionKeys(pair(random), null);
        byte[] id = bytes(random, 32);
        for (int i = 0; i < 60; i++) {
            NtorV3Client client = new NtorV3Client(
                    id, keys.current().publicKey(), bytes(random, 32), NtorV3Client.congestionControl());
            byte[] request = client.request().clone();
            request[random.nextInt(request.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> NtorV3.answer(request, id, keys, JUNK, new byte[32], 31))
                    .isInstanceOf(Malformed.class);
            byte[] reply = NtorV3.answer(client.request(), id, keys, JUNK, bytes(random, 32), 31)
                    .reply();
            reply[random.nextInt(reply.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> client.finish(reply)).isInstanceOf(Malformed.class);
        }
    }

    private static void assertTerms(String message, int offered, int expected) throws Malformed {
        Random random = new Random(5);
        OnionKeys keys = new OnionKeys(pair(random), null);
        byte[] id = bytes(random, 32);
        NtorV3Client client = new NtorV3Client(id, keys.current().publicKey(), bytes(random, 32), hex(message));
        HandshakeAnswer answer = NtorV3.answer(client.request(), id, keys, JUNK, bytes(random, 32), offered);
        client.finish(answer.reply());
        assertThat(client.reply()).hasSize(expected == 0 ? 1 : 4);
        assertThat(client.sendmeIncrement()).isEqualTo(expected);
        assertThat(answer.sendmeIncrement()).isEqualTo(expected);
        assertThat(answer.counterGalois()).isFalse();
    }

    private static void assertRefused(byte[] request, byte[] id, OnionKeys keys, String what) {
        assertThatThrownBy(() -> NtorV3.answer(request, id, keys, JUNK, new byte[32], 31))
                .isInstanceOf(Malformed.class)
                .hasMessage(what);
    }

    private static byte[] request(Random random, byte[] id, byte[] onionKey) {
        return new NtorV3Client(id, onionKey, bytes(random, 32), NtorV3Client.plain()).request();
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
