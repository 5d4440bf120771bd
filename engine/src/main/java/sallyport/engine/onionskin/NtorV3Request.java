package sallyport.engine.onionskin;

import java.util.Arrays;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Curve25519;
import sallyport.engine.crypto.Hashes;

/// The client's side of the ntor-v3 handshake (proposal 332), half done; see [NtorV3] for the relay's.
/// Pure.
public final class NtorV3Request {
    private final byte[] verification;
    private final byte[] id;
    private final byte[] onionKey;
    private final byte[] secret;
    private final byte[] ourKey;
    private final byte[] xb;
    private final byte[] message;
    private final byte[] mac;

    /// @param ed25519 the relay's identity, 32 bytes
    /// @param onionKey the relay's, 32 bytes
    /// @param ephemeral 32 fresh random bytes
    /// @param plain the message to the relay, borrowed
    NtorV3Request(byte[] ed25519, byte[] onionKey, byte[] ephemeral, byte[] plain) {
        this(ed25519, onionKey, ephemeral, plain, NtorV3.VERIFICATION);
    }

    NtorV3Request(byte[] ed25519, byte[] onionKey, byte[] ephemeral, byte[] plain, byte[] verification) {
        this.verification = verification;
        this.id = ed25519.clone();
        this.onionKey = onionKey.clone();
        this.secret = Curve25519.clamp(ephemeral);
        this.ourKey = Curve25519.publicKey(secret);
        this.xb = Curve25519.shared(secret, onionKey);
        byte[] phase1 = NtorV3.phase1(xb, id, ourKey, onionKey, verification);
        this.message = plain.clone();
        NtorV3.crypt(phase1, message);
        this.mac = NtorV3.requestMac(phase1, id, onionKey, ourKey, message);
        Arrays.fill(phase1, (byte) 0);
    }

    /// What CREATE2 or EXTEND2 carries.
    byte[] bytes() {
        return new Writer(NtorV3.REQUEST_OVERHEAD + message.length)
                .bytes(id)
                .bytes(onionKey)
                .bytes(ourKey)
                .bytes(message)
                .bytes(mac)
                .toBytes();
    }

    /// Once.
    ///
    /// @throws Malformed when it was not that relay that answered, or its message does not fit what was
    /// asked
    ClientHandshake.Agreed finish(byte[] reply, CircuitTerms wanted) throws Malformed {
        Finished finished = finish(reply, CircuitSecrets.COUNTER_GALOIS_KEYS_LENGTH + CircuitSecrets.NONCE_LENGTH);
        try {
            CircuitTerms terms = wanted.granted(finished.message());
            int keys = terms.keysLength();
            CircuitSecrets secrets = new CircuitSecrets(
                    Arrays.copyOf(finished.stream(), keys),
                    Arrays.copyOfRange(finished.stream(), keys, keys + CircuitSecrets.NONCE_LENGTH));
            return new ClientHandshake.Agreed(secrets, terms);
        } finally {
            Arrays.fill(finished.stream(), (byte) 0);
        }
    }

    /// The relay's message, and as much key stream as was wanted; the latter is its holder's to wipe.
    record Finished(byte[] message, byte[] stream) {
        @Override
        public String toString() {
            return "Finished";
        }
    }

    Finished finish(byte[] reply, int streamLength) throws Malformed {
        if (reply.length < NtorV3.REPLY_OVERHEAD) {
            throw new Malformed("ntor-v3 reply length");
        }
        Reader in = new Reader(reply);
        byte[] theirKey = in.bytes(NtorV3.KEY_LENGTH);
        byte[] auth = in.bytes(NtorV3.MAC_LENGTH);
        byte[] sealed = in.bytes(in.remaining());
        byte[] xy = Curve25519.shared(secret, theirKey);
        boolean zero = Ntor.isEitherZero(xy, xb);
        NtorV3.Derived derived = NtorV3.derive(xy, xb, id, onionKey, ourKey, theirKey, verification, streamLength);
        boolean proven = Hashes.equal(auth, derived.auth(id, onionKey, theirKey, ourKey, mac, sealed));
        byte[] stream = derived.decrypt(sealed);
        derived.wipe();
        NtorV3.wipe(secret, xy, xb);
        if (zero || !proven) {
            Arrays.fill(stream, (byte) 0);
            throw new Malformed("ntor-v3 reply with a wrong proof");
        }
        return new Finished(sealed, stream);
    }
}
