package sallyport.lab.hostile;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import sallyport.engine.bytes.Writer;

/// What an onion service publishes (rend-spec-v3 section 2.4), honest until told otherwise. It is its own builder:
/// `with…` answers changed copies.
///
/// @param blinded the key under which it is asked for
/// @param sealed how many bytes only the service's clients could read
/// @param certType 8 in an honest one
record PublishedDescriptor(
        EdKey blinded,
        String version,
        String lifetime,
        String revision,
        int sealed,
        int certType,
        Instant certExpires) {
    private static final String SIGNATURE_PREFIX = "Tor onion service descriptor sig v3";
    private static final int ONION_DESCRIPTOR_SIGNING = 8;
    private static final EdKey SIGNING = EdKey.fresh();

    /// Of a service that nobody knows.
    static PublishedDescriptor fresh() {
        return new PublishedDescriptor(
                EdKey.fresh(), "3", "180", "100", 3_000, ONION_DESCRIPTOR_SIGNING, EdCert.tomorrow());
    }

    PublishedDescriptor withVersion(String text) {
        return new PublishedDescriptor(blinded, text, lifetime, revision, sealed, certType, certExpires);
    }

    PublishedDescriptor withLifetime(String minutes) {
        return new PublishedDescriptor(blinded, version, minutes, revision, sealed, certType, certExpires);
    }

    PublishedDescriptor withRevision(String counter) {
        return new PublishedDescriptor(blinded, version, lifetime, counter, sealed, certType, certExpires);
    }

    PublishedDescriptor withSealed(int bytes) {
        return new PublishedDescriptor(blinded, version, lifetime, revision, bytes, certType, certExpires);
    }

    PublishedDescriptor withCert(int type, Instant expires) {
        return new PublishedDescriptor(blinded, version, lifetime, revision, sealed, type, expires);
    }

    /// The text that is posted.
    String text() {
        return signed(unsigned());
    }

    /// All before the signature.
    String unsigned() {
        byte[] cert = new EdCert(certType, certExpires, EdCert.KEY_ED25519, SIGNING.point()).signedByNamed(blinded);
        return "hs-descriptor " + version + "\ndescriptor-lifetime " + lifetime + "\ndescriptor-signing-key-cert\n"
                + object("ED25519 CERT", cert) + "revision-counter " + revision + "\nsuperencrypted\n"
                + object("MESSAGE", new byte[sealed]);
    }

    static String signed(String unsigned) {
        byte[] signature = SIGNING.sign(
                new Writer().ascii(SIGNATURE_PREFIX).ascii(unsigned).toBytes());
        return unsigned + "signature " + Base64.getEncoder().withoutPadding().encodeToString(signature) + "\n";
    }

    /// The path under which it is asked for.
    String path() {
        return "/tor/hs/3/" + Base64.getEncoder().withoutPadding().encodeToString(blinded.point());
    }

    private static String object(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
