package sallyport.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sallyport.engine.crypto.Hashes;

/// Which keys a simulated network has shown, hour for hour: those that relays publish and those that
/// authorities sign with.
final class KeyWatch {
    private static final Pattern RELAY = Pattern.compile("(?m)^r (\\S+) (\\S+) (\\S+) .*$");
    private static final Pattern SIGNATURE =
            Pattern.compile("(?m)^directory-signature (?:sha\\d+ )?([0-9A-F]{40}) ([0-9A-F]{40})$");
    private static final Pattern ONION_KEY = Pattern.compile("(?m)^ntor-onion-key (\\S+)$");
    private static final Pattern SIGNING_KEY =
            Pattern.compile("(?s)\nidentity-ed25519\n-----BEGIN ED25519 CERT-----\n(.*?)\n-----END");

    private static final int DAY_HOURS = 24;
    // Two hours, and a look each hour.
    private static final int LINK_HOURS = 4;
    // What a failure may hold up, and a consensus.
    private static final int PATIENCE_HOURS = 5;

    // By relay: its onion keys with the hour in which the consensus first led to each.
    private final Map<String, Map<String, Instant>> onionKeys = new LinkedHashMap<>();
    private final Map<String, Set<String>> signingKeys = new LinkedHashMap<>();
    private final Map<String, Set<String>> linkCertificates = new LinkedHashMap<>();
    private final Map<String, Set<String>> authorityKeys = new LinkedHashMap<>();

    /// Looks at the consensus, and at the descriptors that it lists.
    ///
    /// @param descriptors as an authority keeps them
    void look(String consensus, String descriptors, Instant now) {
        Matcher signature = SIGNATURE.matcher(consensus);
        while (signature.find()) {
            authorityKeys
                    .computeIfAbsent(signature.group(1), _ -> new LinkedHashSet<>())
                    .add(signature.group(2));
        }
        Map<String, String> byDigest = byDigest(descriptors);
        Matcher relay = RELAY.matcher(consensus);
        while (relay.find()) {
            String text = byDigest.get(hex(relay.group(3)));
            if (text != null) {
                onionKeys
                        .computeIfAbsent(relay.group(1), _ -> new HashMap<>())
                        .putIfAbsent(first(ONION_KEY, text), now);
                signingKeys
                        .computeIfAbsent(relay.group(1), _ -> new LinkedHashSet<>())
                        .add(first(SIGNING_KEY, text));
            }
        }
    }

    /// Looks at the certificates that relays show on their links.
    ///
    /// @param certificates by relay
    void look(Map<String, String> certificates) {
        certificates.forEach((relay, certificate) -> linkCertificates
                .computeIfAbsent(relay, _ -> new LinkedHashSet<>())
                .add(certificate));
    }

    /// After so many hours everything that is to be renewed has been, and everybody has heard of it.
    ///
    /// @param relays all of the network
    /// @param signingDays how long the signing keys of hosted relays live
    /// @param renewals when authorities renewed their certificates, since the beginning
    void allIsRenewed(int relays, int signingDays, List<Duration> renewals, Instant now, int hours) {
        int lived = hours - PATIENCE_HOURS;
        assertThat(onionKeys).hasSize(relays).allSatisfy((relay, keys) -> {
            // Each a day after the one before, however late that was. An authority may have lost the file that
            // says how old its key is: as C tor's, it counts from its return then.
            int hoursMax = DAY_HOURS * (relay.startsWith("auth") ? 2 : 1) + PATIENCE_HOURS;
            List<Instant> times = new ArrayList<>(keys.values());
            times.add(now);
            times.sort(Comparator.naturalOrder());
            for (int i = 1; i < times.size(); i++) {
                assertThat(Duration.between(times.get(i - 1), times.get(i)))
                        .as("%s: %s", relay, times)
                        .isLessThan(Duration.ofHours(hoursMax));
            }
        });
        assertThat(signingKeys)
                .hasSize(relays)
                .allSatisfy((relay, keys) -> assertThat(keys)
                        .as(relay)
                        .hasSizeGreaterThanOrEqualTo(
                                1 + (relay.startsWith("auth") ? 0 : lived / (DAY_HOURS * signingDays))));
        assertThat(linkCertificates)
                .allSatisfy((relay, all) -> assertThat(all).as(relay).hasSizeGreaterThan(lived / LINK_HOURS));
        assertThat(authorityKeys.values().stream().filter(keys -> keys.size() == 2))
                .hasSizeGreaterThanOrEqualTo((int)
                        renewals.stream().filter(when -> when.toHours() < lived).count());
        assertThat(authorityKeys)
                .hasSize(renewals.size())
                .allSatisfy((_, keys) -> assertThat(keys).hasSizeLessThanOrEqualTo(2));
    }

    @Override
    public String toString() {
        return "at least " + least(onionKeys.values().stream().map(Map::size)) + " onion keys and "
                + least(linkCertificates.values().stream().map(Set::size)) + " link certificates of a relay, "
                + signingKeys.values().stream().mapToInt(Set::size).sum() + " signing keys of relays, "
                + authorityKeys.values().stream().mapToInt(Set::size).sum() + " of authorities";
    }

    private static int least(Stream<Integer> counts) {
        return counts.min(Comparator.naturalOrder()).orElse(0);
    }

    private static Map<String, String> byDigest(String descriptors) {
        Map<String, String> byDigest = new HashMap<>();
        int from = descriptors.indexOf("router ");
        while (from >= 0) {
            int next = descriptors.indexOf("\nrouter ", from);
            String text = next < 0 ? descriptors.substring(from) : descriptors.substring(from, next + 1);
            int signed = text.indexOf("\nrouter-signature\n");
            if (signed >= 0) {
                String body = text.substring(0, signed + "\nrouter-signature\n".length());
                byDigest.put(sha1(body), text);
            }
            from = next < 0 ? -1 : next + 1;
        }
        return byDigest;
    }

    private static String sha1(String text) {
        return HexFormat.of().formatHex(Hashes.sha1(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String hex(String base64) {
        return HexFormat.of().formatHex(Base64.getDecoder().decode(base64 + "="));
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }
}
