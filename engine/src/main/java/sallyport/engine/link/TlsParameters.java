package sallyport.engine.link;

import java.util.List;
import sallyport.engine.world.Entropy;

/// What links offer in TLS: C tor's lists, less what an engine lacks (BoringSSL and the JDK have no DHE-RSA with CCM,
/// and no P-224). Every peer of today agrees on TLS 1.3 or on the first suites of TLS 1.2.
final class TlsParameters {
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    static final List<String> TLS13_SUITES =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384");

    static final List<String> SERVER_TLS12_SUITES = List.of(
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    static final List<String> CLIENT_TLS12_SUITES = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_AES_256_CBC_SHA");

    // C tor with OpenSSL 3.5 or later prefers the hybrid group too. OpenSSL's and BoringSSL's names.
    static final String[] GROUPS = {"X25519MLKEM768", "P-256", "X25519"};

    // The JDK's names; it has no hybrid group in TLS yet.
    static final String[] JDK_GROUPS = {"secp256r1", "x25519"};

    // C tor: www.[4 to 25 characters of base32].com
    private static final int SERVER_NAME_CHARS_MIN = 4;
    private static final int SERVER_NAME_CHARS_MAX = 25;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private TlsParameters() {}

    static String randomServerName(Entropy entropy) {
        int chars = SERVER_NAME_CHARS_MIN + (int) entropy.jitter(SERVER_NAME_CHARS_MAX - SERVER_NAME_CHARS_MIN + 1);
        StringBuilder name = new StringBuilder("www.");
        for (byte b : entropy.secret(chars)) {
            name.append(BASE32.charAt(b & 31));
        }
        return name.append(".com").toString();
    }
}
