package sallyport.engine.onionskin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.digests.SHA3Digest;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.ExtensionList;
import sallyport.engine.cell.ExtensionList.Extension;
import sallyport.engine.crypto.Curve25519;

/// A client's ntor-v3 handshake, written from proposal 332 and not from [NtorV3], with other code for the digests and
/// the cipher: what both get wrong in the same way would have to be wrong twice.
public final class NtorV3Client {
    private static final String PROTOID = "ntor3-curve25519-sha3_256-1";

    private final byte[] id;
    private final byte[] onionKey;
    private final byte[] secret;
    private final byte[] ourKey;
    private final byte[] xb;
    private final byte[] verification;
    private final byte[] request;
    private byte[] reply = {};
    private byte[] stream = {};

    /// @param ed25519 the relay's identity, 32 bytes
    /// @param onionKey the relay's, 32 bytes
    /// @param ephemeral 32 random bytes
    /// @param message what the relay is to read, normally an encoded [ExtensionList]
    public NtorV3Client(byte[] ed25519, byte[] onionKey, byte[] ephemeral, byte[] message) {
        this(ed25519, onionKey, ephemeral, message, ascii("circuit extend"));
    }

    NtorV3Client(byte[] ed25519, byte[] onionKey, byte[] ephemeral, byte[] message, byte[] verification) {
        this.id = ed25519.clone();
        this.onionKey = onionKey.clone();
        this.secret = Curve25519.clamp(ephemeral);
        this.ourKey = Curve25519.publicKey(secret);
        this.xb = Curve25519.shared(secret, onionKey);
        this.verification = verification.clone();
        byte[] phase1 = shake(
                ":kdf_phase1", 64, join(xb, id, ourKey, this.onionKey, ascii(PROTOID), encapsulate(verification)));
        byte[] encrypted = aes(Arrays.copyOf(phase1, 32), message);
        byte[] mac = sha3(
                ":msg_mac",
                join(encapsulate(Arrays.copyOfRange(phase1, 32, 64)), id, this.onionKey, ourKey, encrypted));
        this.request = join(id, this.onionKey, ourKey, encrypted, mac);
    }

    /// The list of a client that asks for nothing.
    public static byte[] plain() {
        return new ExtensionList(List.of()).encode();
    }

    /// The list of a client that asks for congestion control.
    public static byte[] congestionControl() {
        return new ExtensionList(List.of(new Extension(ExtensionList.CC_REQUEST, new byte[0]))).encode();
    }

    /// The list of a client that asks for counter galois onion (proposal 359): version 6 of protocol 2, Relay.
    public static byte[] counterGalois() {
        return new ExtensionList(List.of(
                        new Extension(ExtensionList.CC_REQUEST, new byte[0]),
                        new Extension(ExtensionList.SUBPROTOCOL_REQUEST, new byte[] {2, 6})))
                .encode();
    }

    /// What goes into CREATE2 or EXTEND2; shared.
    public byte[] request() {
        return request;
    }

    /// @throws Malformed when it was not that relay that answered
    public CircuitSecrets finish(byte[] answer) throws Malformed {
        return finishKeys(answer, 72);
    }

    /// What [#counterGalois] leaves behind.
    ///
    /// @throws Malformed when it was not that relay that answered
    public CircuitSecrets finishCounterGalois(byte[] answer) throws Malformed {
        return finishKeys(answer, 160);
    }

    private CircuitSecrets finishKeys(byte[] answer, int length) throws Malformed {
        byte[] all = finish(answer, length + 20);
        return new CircuitSecrets(Arrays.copyOf(all, length), Arrays.copyOfRange(all, length, length + 20));
    }

    byte[] finish(byte[] answer, int streamLength) throws Malformed {
        Reader in = new Reader(answer);
        byte[] theirKey = in.bytes(32);
        byte[] auth = in.bytes(32);
        byte[] encrypted = in.rest();
        byte[] input = join(
                Curve25519.shared(secret, theirKey),
                xb,
                id,
                onionKey,
                ourKey,
                theirKey,
                ascii(PROTOID),
                encapsulate(verification));
        byte[] mac = Arrays.copyOfRange(request, request.length - 32, request.length);
        byte[] expected = sha3(
                ":auth_final",
                join(
                        sha3(":verify", input),
                        id,
                        onionKey,
                        theirKey,
                        ourKey,
                        mac,
                        encapsulate(encrypted),
                        ascii(PROTOID),
                        ascii("Server")));
        if (!Arrays.equals(auth, expected)) {
            throw new Malformed("ntor-v3 reply with a wrong proof");
        }
        byte[] expanded = shake(":kdf_final", 32 + streamLength, sha3(":key_seed", input));
        reply = aes(Arrays.copyOf(expanded, 32), encrypted);
        stream = Arrays.copyOfRange(expanded, 32, expanded.length);
        return stream;
    }

    /// What the relay said, once [#finish] has succeeded.
    public byte[] reply() {
        return reply;
    }

    /// The increment that the relay granted; 0: no congestion control.
    public int sendmeIncrement() throws Malformed {
        return ExtensionList.decode(new Reader(reply))
                .first(ExtensionList.CC_RESPONSE)
                .map(body -> body[0] & 0xff)
                .orElse(0);
    }

    private static byte[] sha3(String tweak, byte[] input) {
        SHA3Digest digest = new SHA3Digest(256);
        byte[] whole = join(encapsulate(ascii(PROTOID + tweak)), input);
        digest.update(whole, 0, whole.length);
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return out;
    }

    private static byte[] shake(String tweak, int length, byte[] input) {
        SHAKEDigest digest = new SHAKEDigest(256);
        byte[] whole = join(encapsulate(ascii(PROTOID + tweak)), input);
        digest.update(whole, 0, whole.length);
        byte[] out = new byte[length];
        digest.doOutput(out, 0, length);
        return out;
    }

    private static byte[] aes(byte[] key, byte[] message) {
        SICBlockCipher cipher = (SICBlockCipher) SICBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(true, new ParametersWithIV(new KeyParameter(key), new byte[16]));
        byte[] out = new byte[message.length];
        cipher.processBytes(message, 0, message.length, out, 0);
        return out;
    }

    private static byte[] join(byte[]... parts) {
        Writer out = new Writer();
        for (byte[] part : parts) {
            out.bytes(part);
        }
        return out.toBytes();
    }

    private static byte[] encapsulate(byte[] bytes) {
        return new Writer().u64(bytes.length).bytes(bytes).toBytes();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
