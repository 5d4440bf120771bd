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

    private static final String LABEL = "EXPORTER FOR TOR TLS CLIENT BINDING AUTH0003";
    private static final int UNSIGNED_BYTES = 288;

    /// The part that is signed. To be called when all was sent that precedes AUTHENTICATE, and of what the
    /// responder sent nothing was read beyond AUTH_CHALLENGE.
    byte[] unsigned() throws IOException {
        byte[] ours = Digests.sha256(identity.rsaPublicKey());
        return new Writer()
                .ascii("AUTH0003")
                .bytes(ours)
                .bytes(Digests.sha256(responderKey))
                .bytes(identity.ed25519())
                .bytes(responder.ed25519())
                .bytes(wire.receivedDigest())
                .bytes(wire.sentDigest())
                .bytes(Digests.sha256(wire.peerCertificate()))
                .bytes(wire.export(LABEL, ours, 32))
                .bytes(new byte[24])
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
