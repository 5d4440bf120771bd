package sallyport.lab.hostile;

import java.io.IOException;
import java.util.Arrays;
import sallyport.engine.bytes.Writer;

/// The client's side of ntor (tor-spec section 5.1.4).
final class Ntor implements OnionSkin {
    static final int TYPE = 2;

    private static final String PROTOID = "ntor-curve25519-sha256-1";

    private final RelayFacts relay;
    private final X25519Key x = new X25519Key();

    Ntor(RelayFacts relay) {
        this.relay = relay;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] request() {
        return new Writer()
                .bytes(relay.rsaId())
                .bytes(relay.onionKey())
                .bytes(x.point())
                .toBytes();
    }

    @Override
    public Hop hop(byte[] reply) throws IOException {
        if (reply.length != 64) {
            throw new IOException("an ntor reply of another length");
        }
        byte[] y = Arrays.copyOf(reply, 32);
        byte[] secretInput = new Writer()
                .bytes(x.times(y))
                .bytes(x.times(relay.onionKey()))
                .bytes(relay.rsaId())
                .bytes(relay.onionKey())
                .bytes(x.point())
                .bytes(y)
                .ascii(PROTOID)
                .toBytes();
        byte[] authInput = new Writer()
                .bytes(Digests.hmac(ascii(PROTOID + ":verify"), secretInput))
                .bytes(relay.rsaId())
                .bytes(relay.onionKey())
                .bytes(y)
                .bytes(x.point())
                .ascii(PROTOID)
                .ascii("Server")
                .toBytes();
        if (!Arrays.equals(Digests.hmac(ascii(PROTOID + ":mac"), authInput), Arrays.copyOfRange(reply, 32, 64))) {
            throw new IOException("an ntor reply with a wrong AUTH");
        }
        return new Tor1Hop(expand(Digests.hmac(ascii(PROTOID + ":key_extract"), secretInput)));
    }

    // RFC 5869, "HKDF-Expand"; 92 bytes are three rounds.
    private static byte[] expand(byte[] key) {
        Writer out = new Writer();
        byte[] last = new byte[0];
        for (int i = 1; i <= 3; i++) {
            last = Digests.hmac(
                    key,
                    new Writer()
                            .bytes(last)
                            .ascii(PROTOID + ":key_expand")
                            .u8(i)
                            .toBytes());
            out.bytes(last);
        }
        return out.toBytes();
    }

    private static byte[] ascii(String text) {
        return new Writer().ascii(text).toBytes();
    }
}
