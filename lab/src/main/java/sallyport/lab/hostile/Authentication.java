package sallyport.lab.hostile;

import java.io.IOException;
import java.util.Arrays;
import sallyport.engine.bytes.Writer;

/// An AUTHENTICATE cell of method 3, made at the moment when it is to be sent (tor-spec section 4.4.2).
///
/// @param authKey certified in our CERTS (type 6)
/// @param responderKey the responder's RSA identity key, PKCS #1
record Authentication(Identity identity, EdKey authKey, CellWire wire, RelayFacts responder, byte[] responderKey) {
    static final int METHOD = 3;
    /// What the signature covers; the last 24 of these bytes are random.
    static final int UNSIGNED_BYTES = 288;

    private static final String LABEL = "EXPORTER FOR TOR TLS CLIENT BINDING AUTH0003";

    /// The part that is signed. To be called when all was sent that precedes AUTHENTICATE, and of what the
    /// responder sent nothing was read beyond AUTH_CHALLENGE.
    byte[] unsigned() throws IOException {
        return new Writer()
                .bytes(fields(
                        identity.rsaPublicKey(),
                        responderKey,
                        identity.ed25519(),
                        responder.ed25519(),
                        wire.receivedDigest(),
                        wire.sentDigest(),
                        wire.peerCertificate(),
                        wire))
                .bytes(new byte[24])
                .toBytes();
    }

    /// What precedes the random bytes, which both ends know.
    ///
    /// @param initiatorKey its RSA identity key, PKCS #1; the same of the responder
    /// @param byResponder SHA-256 of what the responder had said, and the same of the initiator
    /// @param certificate that the responder showed in TLS, DER
    /// @param wire either end of it
    static byte[] fields(
            byte[] initiatorKey,
            byte[] responderKey,
            byte[] initiatorEd25519,
            byte[] responderEd25519,
            byte[] byResponder,
            byte[] byInitiator,
            byte[] certificate,
            CellWire wire)
            throws IOException {
        byte[] initiator = Digests.sha256(initiatorKey);
        return new Writer()
                .ascii("AUTH0003")
                .bytes(initiator)
                .bytes(Digests.sha256(responderKey))
                .bytes(initiatorEd25519)
                .bytes(responderEd25519)
                .bytes(byResponder)
                .bytes(byInitiator)
                .bytes(Digests.sha256(certificate))
                .bytes(wire.export(LABEL, initiator, 32))
                .toBytes();
    }

    /// The cell's body as it should be.
    byte[] body() throws IOException {
        return signed(unsigned());
    }

    /// The cell's body with these bytes signed.
    byte[] signed(byte[] unsigned) {
        byte[] signed = new Writer()
                .bytes(unsigned)
                .bytes(authKey.sign(Arrays.copyOf(unsigned, UNSIGNED_BYTES)))
                .toBytes();
        return new Writer().u16(METHOD).u16(signed.length).bytes(signed).toBytes();
    }
}
