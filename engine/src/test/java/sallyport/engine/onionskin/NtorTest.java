package sallyport.engine.onionskin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;

/// A client that derives other keys than we do never gets a word through.
class NtorTest {
    private static final NtorKeyPair JUNK = pair(new Random(99));

    /// Numbers of Arti's ntor test, which were made by C tor's reference implementation.
    @Test
    void vectorOfTheReferenceImplementation() throws Malformed {
        byte[] id = hex("69546f6c64596f7541626f75745374616972732e");
        byte[] secret = hex("4820544f4c4420594f5520444f474954204b454550532048415050454e494e47");
        byte[] onionKey = hex("ccbc8541904d18af08753eae967874749e6149f873de937f57f8fd903a21c471");
        byte[] x = hex("706f6461792069207075742e2e2e2e2e2e2e2e4a454c4c59206f6e2074686973");
        byte[] y = hex("70686520737175697272656c2e2e2e2e2e2e2e2e686173206869732067616d65");
        OnionKeys keys = new OnionKeys(new NtorKeyPair(secret, onionKey), null);

        Ntor.Client client = new Ntor.Client(id, onionKey, x);
        assertThat(client.request())
                .isEqualTo(hex("69546f6c64596f7541626f75745374616972732e"
                        + "ccbc8541904d18af08753eae967874749e6149f873de937f57f8fd903a21c471"
                        + "e65dfdbef8b2635837fe2cebc086a8096eae3213e6830dc407516083d412b078"));
        HandshakeAnswer answer = Ntor.answer(client.request(), id, keys, JUNK, y);
        assertThat(answer.reply())
                .isEqualTo(hex("390480a14362761d6aec1fea840f6e9e928fb2adb7b25c670be1045e35133a37"
                        + "1cbdf68b89923e1f85e8e18ee6e805ea333fe4849c790ffd2670bd80fec95cc8"));
        byte[] expected = hex("0c62dee7f48893370d0ef896758d35729867beef1a5121df80e00f79ed349af39b51cae125719182"
                + "f19d932a667dae1afbf2e336e6910e7822223e763afad0a13342157969dc6b79");
        assertThat(answer.secrets().keys()).isEqualTo(expected);
        assertThat(client.finish(answer.reply()).keys()).isEqualTo(expected);
    }

    @Test
    void clientAndRelayAgreeWithCurrentAndPreviousKey() throws Malformed {
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            NtorKeyPair current = pair(random);
            NtorKeyPair previous = pair(random);
            byte[] id = bytes(random, 20);
            NtorKeyPair used = random.nextBoolean() ? current : previous;
            Ntor.Client client = new Ntor.Client(id, used.publicKey(), bytes(random, 32));
            HandshakeAnswer answer =
                    Ntor.answer(client.request(), id, new OnionKeys(current, previous), JUNK, bytes(random, 32));
            CircuitSecrets secrets = client.finish(answer.reply());
            assertThat(secrets.keys()).isEqualTo(answer.secrets().keys()).hasSize(72);
            assertThat(secrets.nonce()).isEqualTo(answer.secrets().nonce()).hasSize(20);
            answer.secrets().destroy();
            assertThat(answer.secrets().keys()).containsOnly(0);
        }
    }

    @Test
    void refusesAnotherRelaysRequestUnknownKeysSmallOrderAndWrongLengths() {
        Random random = new Random(2);
        OnionKeys keys = new OnionKeys(pair(random), null);
        byte[] id = bytes(random, 20);
        byte[] good = new Ntor.Client(id, keys.current().publicKey(), bytes(random, 32)).request();

        assertRefused(good, bytes(random, 20), keys, "ntor request for another relay");
        assertRefused(good, id, new OnionKeys(pair(random), null), "ntor request with an unknown onion key");
        assertRefused(Arrays.copyOf(good, 83), id, keys, "ntor request length");
        assertRefused(Arrays.copyOf(good, 85), id, keys, "ntor request length");
        byte[] smallOrder = good.clone();
        Arrays.fill(smallOrder, 52, 84, (byte) 0);
        assertRefused(smallOrder, id, keys, "ntor request with a key of small order");
    }

    /// The junk key must not open a back door: a request for an unknown key fails even if it is the junk key itself.
    @Test
    void theJunkKeyIsNobodysKey() {
        Random random = new Random(3);
        byte[] id = bytes(random, 20);
        byte[] request = new Ntor.Client(id, JUNK.publicKey(), bytes(random, 32)).request();
        assertRefused(request, id, new OnionKeys(pair(random), null), "ntor request with an unknown onion key");
    }

    @Test
    void clientRefusesAnyChangedReply() throws Malformed {
        Random random = new Random(4);
        NtorKeyPair onion = pair(random);
        byte[] id = bytes(random, 20);
        for (int i = 0; i < 30; i++) {
            Ntor.Client client = new Ntor.Client(id, onion.publicKey(), bytes(random, 32));
            byte[] reply = Ntor.answer(client.request(), id, new OnionKeys(onion, null), JUNK, bytes(random, 32))
                    .reply();
            // Bit 255 of a Curve25519 key is ignored by RFC 7748 but stands in the transcript all the same.
            reply[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> client.finish(reply)).isInstanceOf(Malformed.class);
        }
    }

    private static void assertRefused(byte[] request, byte[] id, OnionKeys keys, String what) {
        assertThatThrownBy(() -> Ntor.answer(request, id, keys, JUNK, new byte[32]))
                .isInstanceOf(Malformed.class)
                .hasMessage(what);
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
