package sallyport.supervisor.config;

import java.time.Duration;
import sallyport.engine.identity.KeyLifetimes;
import sallyport.engine.instance.HouseRules;

/// Reads the keys of `process { ... }` that say what every relay keeps to.
final class HouseRulesReader {
    // Ours: who means never to renew a key keeps the master secret elsewhere.
    private static final Duration SIGNING_MAX = Duration.ofDays(3_650);
    // C tor's certificates begin up to their lifetime in the past, and leave a day and a day of rounding.
    private static final Duration LINK_CERTIFICATE_MIN = Duration.ofDays(3);
    private static final Duration LINK_CERTIFICATE_MAX = Duration.ofDays(3_650);

    private HouseRulesReader() {}

    /// @param process who reads the rest of it finishes it
    static HouseRules read(Section process) {
        HouseRules otherwise = HouseRules.DEFAULT;
        return new HouseRules(new KeyLifetimes(
                process.duration(
                        "signing-key-lifetime",
                        KeyLifetimes.SIGNING_MIN,
                        SIGNING_MAX,
                        otherwise.keys().signing()),
                process.duration(
                        "link-certificate-lifetime",
                        LINK_CERTIFICATE_MIN,
                        LINK_CERTIFICATE_MAX,
                        otherwise.keys().linkCertificate())));
    }
}
