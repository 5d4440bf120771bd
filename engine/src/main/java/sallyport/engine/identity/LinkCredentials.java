package sallyport.engine.identity;

import java.security.PrivateKey;

/// What a link needs to show who we are: the TLS key with its certificate, and the CERTS set that goes with it.
/// Replaced
/// as a whole every two hours; a link keeps the one it was made with. The arrays are shared and must not be changed.
/// @param alias names this set among those a TLS context knows; never reused in the process
/// @param tlsKey RSA-2048
/// @param tlsCertificateDer over the TLS key, signed by the RSA identity
/// @param idCertificateDer CERTS type 2: the RSA identity, self-signed
/// @param signingCert CERTS type 4: identity to signing key
/// @param linkCert CERTS type 5: signing key to TLS certificate
/// @param authCert CERTS type 6: signing key to authentication key
/// @param crossCert CERTS type 7: RSA identity to Ed25519 identity
/// @param authSecret expanded secret of the authentication key, 64 bytes; signs AUTHENTICATE
public record LinkCredentials(
        String alias,
        PrivateKey tlsKey,
        byte[] tlsCertificateDer,
        byte[] idCertificateDer,
        byte[] signingCert,
        byte[] linkCert,
        byte[] authCert,
        byte[] crossCert,
        byte[] authSecret) {
    @Override
    public String toString() {
        return "LinkCredentials[" + alias + "]";
    }
}
