package sallyport.engine.link;

import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import sallyport.engine.identity.LinkCredentials;

/// The certificates of a finished TLS handshake.
final class TlsCertificates {
    private TlsCertificates() {}

    /// The DER of what the server of this session showed.
    static byte[] responders(SSLEngine engine) throws SSLException {
        Certificate @Nullable [] chain = engine.getUseClientMode()
                ? engine.getSession().getPeerCertificates()
                : engine.getSession().getLocalCertificates();
        if (chain == null || chain.length == 0) {
            throw new SSLException("no certificate");
        }
        try {
            return chain[0].getEncoded();
        } catch (CertificateEncodingException e) {
            throw new SSLException("certificate without encoding", e);
        }
    }

    static LinkCredentials presented(SSLEngine engine, LinkKeyManager keys) throws SSLException {
        LinkCredentials credentials = keys.byCertificate(responders(engine));
        if (credentials == null) {
            throw new SSLException("link key retired during the handshake");
        }
        return credentials;
    }
}
