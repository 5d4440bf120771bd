package sallyport.lab.hostile;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import sallyport.engine.bytes.Writer;

/// The client's side of ntor-v3 (proposal 332) for making circuits.
final class NtorV3 implements OnionSkin {
    static final int TYPE = 3;

    /// A message that asks for congestion control and nothing else (proposal 324).
    static final byte[] CONGESTION_CONTROL = {1, 1, 0};

    /// One that asks for counter galois onion as well: the capability 6 of the protocol 2, Relay (proposals 346, 359).
    static final byte[] COUNTER_GALOIS = {2, 1, 0, 3, 2, 2, 6};

    private static final String PROTOID = "ntor3-curve25519-sha3_256-1";
    private static final String VERIFICATION = "circuit extend";
    private static final int KEYSTREAM_BYTES = CgoHop.KEY_BYTES + 20;

    private final RelayFacts relay;
    private final byte[] message;
    private final X25519Key x = new X25519Key();
    private byte[] mac = new byte[0];
    private byte[] answer = new byte[0];

    /// @param message what the client says under encryption: a list of extensions
    NtorV3(RelayFacts relay, byte[] message) {
        this.relay = relay;
        this.message = message.clone();
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] request() {
        byte[] phase1Input = new Writer()
                .bytes(x.times(relay.onionKey()))
                .bytes(relay.ed25519())
                .bytes(x.point())
                .bytes(relay.onionKey())
                .ascii(PROTOID)
                .bytes(encap(ascii(VERIFICATION)))
                .toBytes();
        byte[] keys = kdf("kdf_phase1", phase1Input, 64);
        byte[] encrypted = encrypt(Arrays.copyOf(keys, 32), message);
        byte[] head = new Writer()
                .bytes(relay.ed25519())
                .bytes(relay.onionKey())
                .bytes(x.point())
                .bytes(encrypted)
                .toBytes();
        mac = Digests.sha3(new Writer()
                .bytes(encap(ascii(PROTOID + ":msg_mac")))
                .bytes(encap(Arrays.copyOfRange(keys, 32, 64)))
                .bytes(head)
                .toBytes());
        return new Writer().bytes(head).bytes(mac).toBytes();
    }

    @Override
    public Hop hop(byte[] reply) throws IOException {
        byte[] keys = finish(reply);
        return Arrays.equals(message, COUNTER_GALOIS) ? new CgoHop(keys) : new Tor1Hop(keys);
    }

    private byte[] finish(byte[] reply) throws IOException {
        if (reply.length < 64) {
            throw new IOException("an ntor-v3 reply that is too short");
        }
        byte[] y = Arrays.copyOf(reply, 32);
        byte[] encrypted = Arrays.copyOfRange(reply, 64, reply.length);
        byte[] secretInput = new Writer()
                .bytes(x.times(y))
                .bytes(x.times(relay.onionKey()))
                .bytes(relay.ed25519())
                .bytes(relay.onionKey())
                .bytes(x.point())
                .bytes(y)
                .ascii(PROTOID)
                .bytes(encap(ascii(VERIFICATION)))
                .toBytes();
        byte[] authInput = new Writer()
                .bytes(hash("verify", secretInput))
                .bytes(relay.ed25519())
                .bytes(relay.onionKey())
                .bytes(y)
                .bytes(x.point())
                .bytes(mac)
                .bytes(encap(encrypted))
                .ascii(PROTOID)
                .ascii("Server")
                .toBytes();
        if (!Arrays.equals(hash("auth_final", authInput), Arrays.copyOfRange(reply, 32, 64))) {
            throw new IOException("an ntor-v3 reply with a wrong AUTH");
        }
        byte[] stream = kdf("kdf_final", hash("key_seed", secretInput), 32 + KEYSTREAM_BYTES);
        answer = encrypt(Arrays.copyOf(stream, 32), encrypted);
        return Arrays.copyOfRange(stream, 32, stream.length);
    }

    /// What the relay said under encryption; empty before [#hop].
    byte[] answer() {
        return answer.clone();
    }

    private static byte[] encrypt(byte[] key, byte[] data) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
            return cipher.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hash(String tweak, byte[] data) {
        return Digests.sha3(tweaked(tweak, data));
    }

    private static byte[] kdf(String tweak, byte[] data, int length) {
        return Digests.shake256(tweaked(tweak, data), length);
    }

    private static byte[] tweaked(String tweak, byte[] data) {
        return new Writer()
                .bytes(encap(ascii(PROTOID + ":" + tweak)))
                .bytes(data)
                .toBytes();
    }

    // Proposal 332: "ENCAP(s) = htonll(len(s)) | s".
    private static byte[] encap(byte[] s) {
        return new Writer().u64(s.length).bytes(s).toBytes();
    }

    private static byte[] ascii(String text) {
        return new Writer().ascii(text).toBytes();
    }
}
