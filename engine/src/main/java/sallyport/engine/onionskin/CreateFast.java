package sallyport.engine.onionskin;

import java.util.Arrays;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Hashes;

/// CREATE_FAST: key material from one random string of either side, safe only inside a TLS link to that relay
/// (tor-spec "CREATE_FAST/CREATED_FAST cells" and "KDF-TOR").
public final class CreateFast {
    /// Bytes that a client sends, and the first half of the answer.
    public static final int MATERIAL_LENGTH = 20;
    /// Bytes of the answer: Y | KH.
    public static final int REPLY_LENGTH = 40;

    private CreateFast() {}

    /// @param clientMaterial X, 20 bytes
    /// @param ourMaterial Y, 20 fresh random bytes
    public static HandshakeAnswer answer(byte[] clientMaterial, byte[] ourMaterial) {
        byte[] expanded = expand(clientMaterial, ourMaterial);
        byte[] reply = new Writer(REPLY_LENGTH)
                .bytes(ourMaterial)
                .bytes(expanded, 0, MATERIAL_LENGTH)
                .toBytes();
        return new HandshakeAnswer(reply, secrets(expanded));
    }

    /// The client's end of it.
    ///
    /// @throws Malformed when the answer was made for another X
    public static CircuitSecrets finish(byte[] ourMaterial, byte[] reply) throws Malformed {
        if (reply.length != REPLY_LENGTH) {
            throw new Malformed("CREATED_FAST length");
        }
        byte[] expanded = expand(ourMaterial, Arrays.copyOf(reply, MATERIAL_LENGTH));
        byte[] proof = Arrays.copyOfRange(reply, MATERIAL_LENGTH, REPLY_LENGTH);
        if (!Hashes.equal(proof, Arrays.copyOf(expanded, MATERIAL_LENGTH))) {
            throw new Malformed("CREATED_FAST proof");
        }
        return secrets(expanded);
    }

    /// KDF-TOR: `K = H(K0 | [00]) | H(K0 | [01]) | ...` with K0 = X | Y.
    private static byte[] expand(byte[] x, byte[] y) {
        Writer out = new Writer();
        for (int i = 0; out.size() < MATERIAL_LENGTH + CircuitSecrets.KEYS_LENGTH; i++) {
            out.bytes(Hashes.sha1(x, y, new byte[] {(byte) i}));
        }
        return out.toBytes();
    }

    /// The proof KH serves as the circuit's nonce too: that is what C tor does, though nobody can use it on one hop.
    private static CircuitSecrets secrets(byte[] expanded) {
        return new CircuitSecrets(
                Arrays.copyOfRange(expanded, MATERIAL_LENGTH, MATERIAL_LENGTH + CircuitSecrets.KEYS_LENGTH),
                Arrays.copyOf(expanded, CircuitSecrets.NONCE_LENGTH));
    }
}
