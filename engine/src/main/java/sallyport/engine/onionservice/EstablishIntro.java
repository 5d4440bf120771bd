package sallyport.engine.onionservice;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cell.ExtensionList;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;

/// The body of ESTABLISH_INTRO (rend-spec-v3 "Registering an introduction point on a current Tor relay"): type of the
/// key (1), its length (2), the key, extensions, MAC (32), length of the signature (2), signature.
///
/// @param authKey the key that clients will name, 32 bytes; who sent it is not proven yet
/// @param signed what the signature covers
/// @param macLength how much of `signed`, from its start, the MAC covers
record EstablishIntro(
        byte[] authKey, ExtensionList extensions, byte[] signed, int macLength, byte[] mac, byte[] signature) {
    static final int ED25519_KEY_TYPE = 2;

    private static final int MAC_LENGTH = 32;
    private static final byte[] SIGNATURE_PREFIX = "Tor establish-intro cell v1".getBytes(StandardCharsets.US_ASCII);

    /// Bytes after the signature are ignored, as C tor does.
    ///
    /// @throws Malformed for another kind of key too: those are of services of version 2, which are gone
    static EstablishIntro decode(byte[] array, int offset, int length) throws Malformed {
        Reader body = new Reader(array, offset, length);
        if (body.u8() != ED25519_KEY_TYPE) {
            throw new Malformed("ESTABLISH_INTRO with another kind of key");
        }
        byte[] authKey = body.bytes(lengthOf(body, Ed25519.PUBLIC_LENGTH));
        ExtensionList extensions = ExtensionList.decode(body);
        int macLength = body.position() - offset;
        byte[] mac = body.bytes(MAC_LENGTH);
        byte[] signed = Arrays.copyOfRange(array, offset, body.position());
        byte[] signature = body.bytes(lengthOf(body, Ed25519.SIGNATURE_LENGTH));
        return new EstablishIntro(authKey, extensions, signed, macLength, mac, signature);
    }

    private static int lengthOf(Reader body, int only) throws Malformed {
        if (body.u16() != only) {
            throw new Malformed("ESTABLISH_INTRO with another length");
        }
        return only;
    }

    /// Whether it was made for the circuit with that nonce: `SHA3-256(length of key (8) | key | message)`.
    boolean isFor(byte[] nonce) {
        byte[] length = new Writer(Long.BYTES).u64(nonce.length).toBytes();
        return Hashes.equal(mac, Hashes.sha3x256(length, nonce, Arrays.copyOf(signed, macLength)));
    }

    /// Whether who sent it has the secret of its key. Costs as much as an onion skin: not for the loop.
    boolean isSigned() {
        byte[] message = new Writer().bytes(SIGNATURE_PREFIX).bytes(signed).toBytes();
        return Ed25519.verify(authKey, message, signature);
    }
}
