package sallyport.engine.link;

import java.util.HashMap;
import java.util.Map;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.bytes.Reader;
import sallyport.engine.bytes.Writer;
import sallyport.engine.cert.PeerCertificates;
import sallyport.engine.identity.LinkCredentials;

/// Bodies of the variable-length cells of the link handshake.
final class HandshakeCells {
    /// Ours: what `proto` calls Link=3-5.
    static final int VERSION_MIN = 3;
    static final int VERSION_MAX = 5;
    /// tor-spec "AUTHENTICATE cells": Ed25519-SHA256-RFC5705, the only method in use.
    static final int METHOD_ED25519 = 3;
    static final int CHALLENGE_BYTES = 32;

    /// CERTS type 1: the link certificate, for peers that look at RSA only.
    private static final int TLS_LINK = 1;

    private static final int CERT_TYPE_MAX = 7;

    private HandshakeCells() {}

    static byte[] versions() {
        Writer out = new Writer();
        for (int version = VERSION_MIN; version <= VERSION_MAX; version++) {
            out.u16(version);
        }
        return out.toBytes();
    }

    /// The highest version that both speak; 0 when there is none.
    static int chooseVersion(byte[] body) throws Malformed {
        // tor-spec "Negotiating versions with VERSIONS cells": "The body in a VERSIONS cell is a series of
        // big-endian two-byte integers."
        if (body.length % 2 != 0) {
            throw new Malformed("VERSIONS: odd length");
        }
        Reader in = new Reader(body);
        int best = 0;
        while (in.remaining() > 0) {
            int version = in.u16();
            if (version >= VERSION_MIN && version <= VERSION_MAX && version > best) {
                best = version;
            }
        }
        return best;
    }

    static byte[] responderCerts(LinkCredentials credentials) {
        Writer out = new Writer().u8(5);
        cert(out, TLS_LINK, credentials.tlsCertificateDer());
        cert(out, PeerCertificates.RSA_IDENTITY, credentials.idCertificateDer());
        cert(out, PeerCertificates.ED_IDENTITY_SIGNING, credentials.signingCert());
        cert(out, PeerCertificates.ED_SIGNING_LINK, credentials.linkCert());
        cert(out, PeerCertificates.RSA_ED_CROSS, credentials.crossCert());
        return out.toBytes();
    }

    static byte[] initiatorCerts(LinkCredentials credentials) {
        Writer out = new Writer().u8(4);
        cert(out, PeerCertificates.RSA_IDENTITY, credentials.idCertificateDer());
        cert(out, PeerCertificates.ED_IDENTITY_SIGNING, credentials.signingCert());
        cert(out, PeerCertificates.ED_SIGNING_AUTH, credentials.authCert());
        cert(out, PeerCertificates.RSA_ED_CROSS, credentials.crossCert());
        return out.toBytes();
    }

    /// The certificates by type. Types that nobody defined are left out, bytes after the last one are ignored.
    static Map<Integer, byte[]> certs(byte[] body) throws Malformed {
        Reader in = new Reader(body);
        int count = in.u8();
        Map<Integer, byte[]> byType = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int type = in.u8();
            byte[] cert = in.bytes(in.u16());
            // tor-spec "CERTS cells": "A CERTS cell MUST have no more than one certificate of any CertType."
            if (type <= CERT_TYPE_MAX && byType.put(type, cert) != null) {
                throw new Malformed("CERTS: two certificates of one type");
            }
        }
        return byType;
    }

    static byte[] authChallenge(byte[] challenge) {
        return new Writer().bytes(challenge).u16(1).u16(METHOD_ED25519).toBytes();
    }

    /// Whether an AUTH_CHALLENGE offers our method.
    static boolean offersEd25519(byte[] body) throws Malformed {
        Reader in = new Reader(body);
        in.skip(CHALLENGE_BYTES);
        int count = in.u16();
        boolean offered = false;
        for (int i = 0; i < count; i++) {
            offered |= in.u16() == METHOD_ED25519;
        }
        return offered;
    }

    private static void cert(Writer out, int type, byte[] cert) {
        out.u8(type).u16(cert.length).bytes(cert);
    }
}
