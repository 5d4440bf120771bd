package sallyport.engine.identity;

import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.function.Supplier;
import sallyport.engine.bytes.Hex;
import sallyport.engine.cert.CrossCert;
import sallyport.engine.cert.EdCert;
import sallyport.engine.cert.RsaCertificate;
import sallyport.engine.crypto.Ed25519;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.crypto.Rsa;
import sallyport.engine.world.Entropy;

/// Makes a whole fresh set of link credentials: a TLS key, an authentication key and the certificates about them.
/// Names,
/// serial and lifetime are as random as C tor's, so that they tie no two relays together.
final class LinkCredentialsMaker {
    /// C tor's TestingLinkCertLifetime and TestingAuthKeyLifetime.
    private static final Duration ED_LIFETIME = Duration.ofDays(2);
    /// C tor: "6 months in the future".
    private static final Duration CROSS_LIFETIME = Duration.ofDays(180);

    private static final Duration IDENTITY_LIFETIME = Duration.ofDays(365);
    private static final int LINK_LIFETIME_DAYS_MIN = 5;
    private static final int LINK_LIFETIME_DAYS_MAX = 365;
    // At least a day of real lifetime is left, and a day goes to rounding the start.
    private static final int DAYS_NOT_PAST = 2;
    private static final int SERIAL_LENGTH = 8;
    private static final int HOST_LENGTH_MIN = 8;
    private static final int HOST_LENGTH_MAX = 20;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private final Entropy entropy;
    private final int linkKeyBits;
    private final Supplier<Duration> wanted;

    /// @param wanted how long the TLS certificate shall be good for; zero: drawn
    LinkCredentialsMaker(Entropy entropy, int linkKeyBits, Supplier<Duration> wanted) {
        this.entropy = entropy;
        this.linkKeyBits = linkKeyBits;
        this.wanted = wanted;
    }

    LinkCredentials make(IdentityKeys keys, Instant now) {
        RSAPrivateCrtKey tlsKey = entropy.rsaKey(linkKeyBits);
        String subject = host(".net");
        String issuer = host(".com");
        Duration fixed = wanted.get();
        Duration lifetime = fixed.isZero() ? drawn() : fixed;
        byte[] tls = certificate(tlsKey, subject, keys.rsa(), issuer, lifetime, now);
        byte[] id = certificate(keys.rsa(), issuer, keys.rsa(), issuer, IDENTITY_LIFETIME, now);

        byte[] authSecret = Ed25519.expand(entropy.secret(32));
        Instant expires = now.plus(ED_LIFETIME);
        byte[] tlsDigest = Hashes.sha256(tls);
        return new LinkCredentials(
                "link-" + Hex.lower(Arrays.copyOf(tlsDigest, 8)),
                tlsKey,
                tls,
                id,
                keys.signingCert().encoded(),
                EdCert.encodeAndSign(
                        EdCert.SIGNING_LINK,
                        expires,
                        EdCert.KEY_SHA256_OF_X509,
                        tlsDigest,
                        keys.signingSecret(),
                        false),
                EdCert.encodeAndSign(
                        EdCert.SIGNING_AUTH,
                        expires,
                        EdCert.KEY_ED25519,
                        Ed25519.publicKey(authSecret),
                        keys.signingSecret(),
                        false),
                CrossCert.build(keys.rsa(), keys.identity().ed25519(), now.plus(CROSS_LIFETIME)),
                authSecret);
    }

    /// C tor: random whole days, and every other time a second less.
    private Duration drawn() {
        return Duration.ofDays(between(LINK_LIFETIME_DAYS_MIN, LINK_LIFETIME_DAYS_MAX))
                .minusSeconds(entropy.jitter(2));
    }

    private byte[] certificate(
            RSAPrivateCrtKey key,
            String subject,
            RSAPrivateCrtKey issuerKey,
            String issuer,
            Duration lifetime,
            Instant now) {
        long pastSecondsMax =
                Math.max(1, lifetime.minus(Duration.ofDays(DAYS_NOT_PAST)).toSeconds());
        Instant start = now.minusSeconds(entropy.jitter(pastSecondsMax)).truncatedTo(ChronoUnit.DAYS);
        return RsaCertificate.build(
                Rsa.publicKey(key),
                subject,
                issuerKey,
                issuer,
                entropy.secret(SERIAL_LENGTH),
                start,
                start.plus(lifetime));
    }

    private String host(String domain) {
        StringBuilder name = new StringBuilder("www.");
        for (int left = between(HOST_LENGTH_MIN, HOST_LENGTH_MAX); left > 0; left--) {
            name.append(BASE32.charAt((int) entropy.jitter(BASE32.length())));
        }
        return name.append(domain).toString();
    }

    private int between(int min, int max) {
        return min + (int) entropy.jitter(max - min + 1L);
    }
}
