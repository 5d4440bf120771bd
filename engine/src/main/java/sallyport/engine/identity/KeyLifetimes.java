package sallyport.engine.identity;

import java.time.Duration;

/// How long what a relay makes for itself is good for. What is there already keeps its time.
///
/// @param signing the certificate of a new signing key (C tor's `SigningKeyLifetime`)
/// @param linkCertificate the certificate that a link shows in TLS (`SSLKeyLifetime`); zero: drawn each time
public record KeyLifetimes(Duration signing, Duration linkCertificate) {
    /// C tor's.
    public static final KeyLifetimes DEFAULT = new KeyLifetimes(IdentityKeys.SIGNING_LIFETIME, Duration.ZERO);

    /// A signing key is renewed a day before its end; C tor too wants twice that.
    public static final Duration SIGNING_MIN = IdentityKeys.SIGNING_SLOP.multipliedBy(2);
}
