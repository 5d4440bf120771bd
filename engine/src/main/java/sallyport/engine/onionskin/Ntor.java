package sallyport.engine.onionskin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;

/// The ntor handshake, both sides (tor-spec "The ntor handshake"). Pure; about 0.3 ms of CPU on the relay's side.
public final class Ntor {
    /// Bytes of ID | B | X.
    public static final int REQUEST_LENGTH = 84;
    /// Bytes of Y | AUTH.
    public static final int REPLY_LENGTH = 64;

    private static final int ID_LENGTH = 20;
    private static final byte[] PROTOID = ascii("ntor-curve25519-sha256-1");
    private static final byte[] T_MAC = ascii("ntor-curve25519-sha256-1:mac");
    private static final byte[] T_KEY = ascii("ntor-curve25519-sha256-1:key_extract");
    private static final byte[] T_VERIFY = ascii("ntor-curve25519-sha256-1:verify");
    private static final byte[] M_EXPAND = ascii("ntor-curve25519-sha256-1:key_expand");
    private static final byte[] SERVER = ascii("Server");

    private Ntor() {}

    /// The relay's side. Takes the same time whether the onion key was known or not.
    ///
    /// @param rsaDigest ours, 20 bytes
    /// @param junk a pair nobody knows, in place of an onion key that is not ours
    /// @param ephemeral 32 fresh random bytes
    /// @throws Malformed when the request is not for us, or its key is none
    public static HandshakeAnswer answer(
            byte[] request, byte[] rsaDigest, OnionKeys keys, NtorKeyPair junk, byte[] ephemeral) throws Malformed {
        if (request.length != REQUEST_LENGTH) {
            throw new Malformed("ntor request length");
        }
        byte[] id = Arrays.copyOf(request, ID_LENGTH);
        byte[] onionKey = Arrays.copyOfRange(request, ID_LENGTH, ID_LENGTH + Curve25519.LENGTH);
        byte[] clientKey = Arrays.copyOfRange(request, ID_LENGTH + Curve25519.LENGTH, REQUEST_LENGTH);
        if (!Hashes.equal(id, rsaDigest)) {
            throw new Malformed("ntor request for another relay");
        }
        NtorKeyPair known = pair(keys, onionKey);
        byte[] secret = Curve25519.clamp(ephemeral);
        byte[] ourKey = Curve25519.publicKey(secret);
        byte[] xy = Curve25519.shared(secret, clientKey);
        byte[] xb = Curve25519.shared(known == null ? junk.secret() : known.secret(), clientKey);
        boolean zero = isEitherZero(xy, xb);
        Derived derived = derive(xy, xb, id, onionKey, clientKey, ourKey);
        Arrays.fill(secret, (byte) 0);
        if (known == null) {
            throw new Malformed("ntor request with an unknown onion key");
        }
        if (zero) {
            throw new Malformed("ntor request with a key of small order");
        }
        byte[] reply =
                new Writer(REPLY_LENGTH).bytes(ourKey).bytes(derived.auth()).toBytes();
        return new HandshakeAnswer(reply, derived.secrets());
    }

    /// A client's half-done handshake; keep it until the answer comes.
    public static final class Client {
        private final byte[] rsaDigest;
        private final byte[] onionKey;
        private final byte[] secret;
        private final byte[] ourKey;

        /// @param rsaDigest the relay's, 20 bytes
        /// @param onionKey the relay's, 32 bytes
        /// @param ephemeral 32 fresh random bytes
        public Client(byte[] rsaDigest, byte[] onionKey, byte[] ephemeral) {
            this.rsaDigest = rsaDigest.clone();
            this.onionKey = onionKey.clone();
            this.secret = Curve25519.clamp(ephemeral);
            this.ourKey = Curve25519.publicKey(secret);
        }

        /// The 84 bytes for CREATE2 or EXTEND2.
        public byte[] request() {
            return new Writer(REQUEST_LENGTH)
                    .bytes(rsaDigest)
                    .bytes(onionKey)
                    .bytes(ourKey)
                    .toBytes();
        }

        /// @throws Malformed when it was not that relay that answered
        public CircuitSecrets finish(byte[] reply) throws Malformed {
            if (reply.length != REPLY_LENGTH) {
                throw new Malformed("ntor reply length");
            }
            byte[] theirKey = Arrays.copyOf(reply, Curve25519.LENGTH);
            byte[] xy = Curve25519.shared(secret, theirKey);
            byte[] xb = Curve25519.shared(secret, onionKey);
            boolean zero = isEitherZero(xy, xb);
            Derived derived = derive(xy, xb, rsaDigest, onionKey, ourKey, theirKey);
            Arrays.fill(secret, (byte) 0);
            byte[] auth = Arrays.copyOfRange(reply, Curve25519.LENGTH, REPLY_LENGTH);
            boolean proven = Hashes.equal(auth, derived.auth());
            if (zero || !proven) {
                derived.secrets().destroy();
                throw new Malformed("ntor reply with a wrong proof");
            }
            return derived.secrets();
        }
    }

    private record Derived(byte[] auth, CircuitSecrets secrets) {
        @Override
        public String toString() {
            return "Derived";
        }
    }

    /// The names are the specification's: b and B the onion key, x and X the client's, Y the relay's.
    private static Derived derive(byte[] xy, byte[] xb, byte[] id, byte[] onionKey, byte[] clientX, byte[] relayY) {
        byte[] secretInput = new Writer(256)
                .bytes(xy)
                .bytes(xb)
                .bytes(id)
                .bytes(onionKey)
                .bytes(clientX)
                .bytes(relayY)
                .bytes(PROTOID)
                .toBytes();
        byte[] verify = Hashes.hmacSha256(T_VERIFY, secretInput);
        byte[] auth = Hashes.hmacSha256(T_MAC, verify, id, onionKey, relayY, clientX, PROTOID, SERVER);
        int keys = CircuitSecrets.KEYS_LENGTH;
        byte[] expanded = Hashes.hkdfSha256(T_KEY, secretInput, M_EXPAND, keys + CircuitSecrets.NONCE_LENGTH);
        CircuitSecrets secrets =
                new CircuitSecrets(Arrays.copyOf(expanded, keys), Arrays.copyOfRange(expanded, keys, expanded.length));
        Arrays.fill(secretInput, (byte) 0);
        Arrays.fill(expanded, (byte) 0);
        return new Derived(auth, secrets);
    }

    /// Which of our pairs has that public key; looks at both, whatever the first is.
    static @Nullable NtorKeyPair pair(OnionKeys keys, byte[] publicKey) {
        NtorKeyPair previous = keys.previous();
        boolean isPrevious = previous != null && Hashes.equal(previous.publicKey(), publicKey);
        boolean isCurrent = Hashes.equal(keys.current().publicKey(), publicKey);
        return isCurrent ? keys.current() : isPrevious ? previous : null;
    }

    /// Looks at both, whatever the first is.
    static boolean isEitherZero(byte[] a, byte[] b) {
        boolean first = Hashes.isAllZero(a);
        boolean second = Hashes.isAllZero(b);
        return first || second;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
