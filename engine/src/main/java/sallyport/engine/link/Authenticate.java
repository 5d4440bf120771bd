package sallyport.engine.link;

import java.util.Arrays;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;

/// What an AUTHENTICATE cell of method 3 binds together: both identities, all that was said, the TLS session. Both
/// sides build it; the initiator signs it, the responder compares (tor-spec "AUTHENTICATE cells").
///
/// @param initiatorRsa SHA-256 of the initiator's RSA identity (CID)
/// @param responderRsa the same of the responder (SID)
/// @param initiatorEd the initiator's Ed25519 identity (CID_ED)
/// @param responderEd the responder's (SID_ED)
/// @param responderLog SHA-256 of what the responder sent (SLOG)
/// @param initiatorLog SHA-256 of what the initiator sent (CLOG)
/// @param responderCertificate SHA-256 of the responder's TLS certificate (SCERT)
/// @param tlsSecrets exported from the TLS session
record Authenticate(
        byte[] initiatorRsa,
        byte[] responderRsa,
        byte[] initiatorEd,
        byte[] responderEd,
        byte[] responderLog,
        byte[] initiatorLog,
        byte[] responderCertificate,
        byte[] tlsSecrets) {
    static final String EXPORTER_LABEL = "EXPORTER FOR TOR TLS CLIENT BINDING AUTH0003";
    static final int EXPORTED_BYTES = 32;
    static final int RANDOM_BYTES = 24;

    private static final String TYPE = "AUTH0003";
    private static final int COMPARED_BYTES = 264;
    private static final int SIGNED_BYTES = COMPARED_BYTES + RANDOM_BYTES;
    private static final int LENGTH = SIGNED_BYTES + Ed25519.SIGNATURE_LENGTH;

    /// The body of the cell.
    /// @param authSecret expanded secret of the authentication key
    byte[] sign(byte[] authSecret, byte[] random) {
        byte[] signed = new Writer().bytes(compared()).bytes(random).toBytes();
        return new Writer()
                .u16(HandshakeCells.METHOD_ED25519)
                .u16(LENGTH)
                .bytes(signed)
                .bytes(Ed25519.sign(authSecret, signed))
                .toBytes();
    }

    /// Checks the body of a peer's cell. Bytes behind the stated length are ignored.
    void verify(byte[] body, byte[] authKey) throws Malformed {
        Reader in = new Reader(body);
        if (in.u16() != HandshakeCells.METHOD_ED25519) {
            throw new Malformed("AUTHENTICATE: another method");
        }
        if (in.u16() != LENGTH) {
            throw new Malformed("AUTHENTICATE: wrong length");
        }
        byte[] signed = in.bytes(SIGNED_BYTES);
        byte[] signature = in.bytes(Ed25519.SIGNATURE_LENGTH);
        if (!Hashes.equal(Arrays.copyOf(signed, COMPARED_BYTES), compared())) {
            throw new Malformed("AUTHENTICATE: not of this link");
        }
        if (!Ed25519.verify(authKey, signed, signature)) {
            throw new Malformed("AUTHENTICATE: badly signed");
        }
    }

    private byte[] compared() {
        byte[] bytes = new Writer()
                .ascii(TYPE)
                .bytes(initiatorRsa)
                .bytes(responderRsa)
                .bytes(initiatorEd)
                .bytes(responderEd)
                .bytes(responderLog)
                .bytes(initiatorLog)
                .bytes(responderCertificate)
                .bytes(tlsSecrets)
                .toBytes();
        if (bytes.length != COMPARED_BYTES) {
            throw new IllegalStateException("AUTHENTICATE of another length");
        }
        return bytes;
    }
}
