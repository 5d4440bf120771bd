package sallyport.engine.onionskin;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.AesCtr;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.identity.NtorKeyPair;
import sallyport.engine.identity.OnionKeys;

/// The relay's side of the ntor-v3 handshake (proposal 332), which carries a message each way: what the
/// client asks of the circuit, and what it gets. Pure; about 0.3 ms of CPU.
public final class NtorV3 {
    /// Bytes of a request around its message: ID | B | X before, MAC after.
    public static final int REQUEST_OVERHEAD = 128;
    /// Bytes of a reply before its message: Y | AUTH.
    public static final int REPLY_OVERHEAD = 64;

    /// What every handshake that makes or extends a circuit is bound to.
    static final byte[] VERIFICATION = Ntor.ascii("circuit extend");

    static final int KEY_LENGTH = 32;
    static final int MAC_LENGTH = 32;
    private static final String PROTOCOL = "ntor3-curve25519-sha3_256-1";
    private static final byte[] PROTOID = Ntor.ascii(PROTOCOL);
    private static final byte[] SERVER = Ntor.ascii("Server");
    private static final byte[] T_MSGKDF = tweak(":kdf_phase1");
    private static final byte[] T_MSGMAC = tweak(":msg_mac");
    private static final byte[] T_KEY_SEED = tweak(":key_seed");
    private static final byte[] T_VERIFY = tweak(":verify");
    private static final byte[] T_FINAL = tweak(":kdf_final");
    private static final byte[] T_AUTH = tweak(":auth_final");

    private NtorV3() {}

    /// Answers a request of any length. Takes the same time whether the onion key was known or not.
    ///
    /// @param ed25519 our identity, 32 bytes
    /// @param junk a pair nobody knows, in place of an onion key that is not ours
    /// @param ephemeral 32 fresh random bytes
    /// @param offeredIncrement cells per SENDME for a client that asks for congestion control; 0: it is
    /// not granted
    /// @throws Malformed when the request is not for us, was changed, or asks for what we cannot do
    public static HandshakeAnswer answer(
            byte[] request, byte[] ed25519, OnionKeys keys, NtorKeyPair junk, byte[] ephemeral, int offeredIncrement)
            throws Malformed {
        Opened opened = open(request, ed25519, keys, junk, VERIFICATION);
        CircuitTerms terms = CircuitTerms.negotiate(opened.message(), offeredIncrement);
        int keysLength = terms.keysLength();
        Sealed sealed = opened.seal(terms.reply(), ephemeral, VERIFICATION, keysLength + CircuitSecrets.NONCE_LENGTH);
        CircuitSecrets secrets = new CircuitSecrets(
                Arrays.copyOf(sealed.stream(), keysLength),
                Arrays.copyOfRange(sealed.stream(), keysLength, sealed.stream().length));
        Arrays.fill(sealed.stream(), (byte) 0);
        return new HandshakeAnswer(sealed.reply(), secrets, terms.sendmeIncrement(), terms.counterGalois());
    }

    /// Reads the client's message. Names are the specification's: B the onion key, X the client's.
    static Opened open(byte[] request, byte[] ed25519, OnionKeys keys, NtorKeyPair junk, byte[] verification)
            throws Malformed {
        if (request.length < REQUEST_OVERHEAD) {
            throw new Malformed("ntor-v3 request length");
        }
        Reader in = new Reader(request);
        byte[] id = in.bytes(KEY_LENGTH);
        byte[] onionKey = in.bytes(KEY_LENGTH);
        byte[] clientKey = in.bytes(KEY_LENGTH);
        byte[] message = in.bytes(in.remaining() - MAC_LENGTH);
        byte[] mac = in.bytes(MAC_LENGTH);

        NtorKeyPair known = Ntor.pair(keys, onionKey);
        byte[] xb = Curve25519.shared(known == null ? junk.secret() : known.secret(), clientKey);
        byte[] phase1 = phase1(xb, id, clientKey, onionKey, verification);
        boolean sameMac = Hashes.equal(mac, requestMac(phase1, ed25519, onionKey, clientKey, message));
        crypt(phase1, message);
        Arrays.fill(phase1, (byte) 0);
        String problem = problem(Hashes.equal(id, ed25519), known, Hashes.isAllZero(xb), sameMac);
        if (problem != null) {
            Arrays.fill(xb, (byte) 0);
            throw new Malformed(problem);
        }
        return new Opened(message, xb, id, onionKey, clientKey, mac);
    }

    private static @Nullable String problem(boolean forUs, @Nullable NtorKeyPair known, boolean zero, boolean sameMac) {
        if (!forUs) {
            return "ntor-v3 request for another relay";
        }
        if (known == null) {
            return "ntor-v3 request with an unknown onion key";
        }
        if (zero) {
            return "ntor-v3 request with a key of small order";
        }
        return sameMac ? null : "ntor-v3 request with a wrong MAC";
    }

    /// The reply, and the key stream of the circuit, which is its holder's to wipe.
    record Sealed(byte[] reply, byte[] stream) {
        @Override
        public String toString() {
            return "Sealed";
        }
    }

    /// A request whose message is read and trusted; to be sealed once.
    record Opened(byte[] message, byte[] xb, byte[] id, byte[] onionKey, byte[] clientKey, byte[] mac) {
        /// @param reply the message to the client, borrowed
        /// @param ephemeral 32 fresh random bytes
        /// @param streamLength bytes of key stream wanted
        Sealed seal(byte[] reply, byte[] ephemeral, byte[] verification, int streamLength) throws Malformed {
            byte[] secret = Curve25519.clamp(ephemeral);
            byte[] ourKey = Curve25519.publicKey(secret);
            byte[] xy = Curve25519.shared(secret, clientKey);
            boolean zero = Hashes.isAllZero(xy);
            Derived derived = derive(xy, xb, id, onionKey, clientKey, ourKey, verification, streamLength);
            byte[] message = reply.clone();
            byte[] stream = derived.decrypt(message);
            byte[] auth = derived.auth(id, onionKey, ourKey, clientKey, mac, message);
            byte[] whole = new Writer(REPLY_OVERHEAD + message.length)
                    .bytes(ourKey)
                    .bytes(auth)
                    .bytes(message)
                    .toBytes();
            Sealed sealed = new Sealed(whole, stream);
            derived.wipe();
            wipe(secret, xy, xb);
            if (zero) {
                Arrays.fill(sealed.stream(), (byte) 0);
                throw new Malformed("ntor-v3 request with a key of small order");
            }
            return sealed;
        }

        @Override
        public String toString() {
            return "Opened";
        }
    }

    /// The keys of the client's message: 32 bytes that encrypt it, 32 that authenticate it.
    static byte[] phase1(byte[] xb, byte[] id, byte[] clientKey, byte[] onionKey, byte[] verification) {
        return Hashes.shake256(
                2 * KEY_LENGTH, T_MSGKDF, xb, id, clientKey, onionKey, PROTOID, encapsulate(verification));
    }

    /// @param message as it travels, encrypted
    static byte[] requestMac(byte[] phase1, byte[] ed25519, byte[] onionKey, byte[] clientKey, byte[] message) {
        byte[] macKey = Arrays.copyOfRange(phase1, KEY_LENGTH, 2 * KEY_LENGTH);
        byte[] mac = Hashes.sha3x256(T_MSGMAC, encapsulate(macKey), ed25519, onionKey, clientKey, message);
        Arrays.fill(macKey, (byte) 0);
        return mac;
    }

    /// What both sides compute once they know both keys.
    ///
    /// @param expanded 32 bytes that encrypt the relay's message, then the key stream of the circuit
    record Derived(byte[] verify, byte[] expanded) {
        /// @param message as it travels, encrypted
        byte[] auth(byte[] id, byte[] onionKey, byte[] relayKey, byte[] clientKey, byte[] mac, byte[] message) {
            return Hashes.sha3x256(
                    T_AUTH, verify, id, onionKey, relayKey, clientKey, mac, encapsulate(message), PROTOID, SERVER);
        }

        /// Encrypts or decrypts the relay's message in place, and returns the key stream of the circuit.
        byte[] decrypt(byte[] message) {
            crypt(expanded, message);
            return Arrays.copyOfRange(expanded, KEY_LENGTH, expanded.length);
        }

        void wipe() {
            NtorV3.wipe(verify, expanded);
        }

        @Override
        public String toString() {
            return "Derived";
        }
    }

    static Derived derive(
            byte[] xy,
            byte[] xb,
            byte[] id,
            byte[] onionKey,
            byte[] clientKey,
            byte[] relayKey,
            byte[] verification,
            int streamLength) {
        byte[] secretInput = new Writer(320)
                .bytes(xy)
                .bytes(xb)
                .bytes(id)
                .bytes(onionKey)
                .bytes(clientKey)
                .bytes(relayKey)
                .bytes(PROTOID)
                .bytes(encapsulate(verification))
                .toBytes();
        byte[] keySeed = Hashes.sha3x256(T_KEY_SEED, secretInput);
        byte[] verify = Hashes.sha3x256(T_VERIFY, secretInput);
        byte[] expanded = Hashes.shake256(KEY_LENGTH + streamLength, T_FINAL, keySeed);
        wipe(secretInput, keySeed);
        return new Derived(verify, expanded);
    }

    /// AES-256-CTR from counter zero, in place, with the first 32 bytes of `keys`.
    static void crypt(byte[] keys, byte[] message) {
        new AesCtr(Arrays.copyOf(keys, KEY_LENGTH)).apply(message, 0, message.length);
    }

    static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static byte[] tweak(String suffix) {
        return encapsulate(Ntor.ascii(PROTOCOL + suffix));
    }

    /// ENCAP: the length as 64 bits, then the bytes.
    private static byte[] encapsulate(byte[] bytes) {
        return new Writer(8 + bytes.length).u64(bytes.length).bytes(bytes).toBytes();
    }
}
