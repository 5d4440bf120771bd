package sallyport.lab.roster;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.lab.roster.RosterSettings.Admittance;
import sallyport.lab.vote.TorVersion;

/// Which descriptors an authority lets in, and as what (C tor's process_descs.c), with its words.
final class Admission {
    // As C tor (ROUTER_ALLOW_SKEW, ROUTER_MAX_AGE_TO_PUBLISH).
    private static final Duration SKEW_MAX = Duration.ofHours(12);
    static final Duration AGE_MAX = Duration.ofDays(1);
    // As C tor: a version may have so many characters.
    private static final int VERSION_CHARS_MAX = 126;
    private static final Pattern VERSION = Pattern.compile("(\\S+(?:\\s+\\((?:r|git-)\\S*)?).*");
    private static final String TOR = "Tor ";

    private static final String WRITE_TO_US =
            "please set a valid email address in ContactInfo and send an email to bad-relays@lists.torproject.org"
                    + " mentioning your ";

    private final Admittance settings;
    private final Map<String, Set<Standing>> standings;
    private final KeyPins pins;

    Admission(Admittance settings, Map<String, Set<Standing>> standings, KeyPins pins) {
        this.settings = settings;
        this.standings = standings;
        this.pins = pins;
    }

    /// Why it is refused; null where it is let in.
    @Nullable
    String refusal(HeldDescriptor descriptor, Instant now) {
        String reason = refusalOfRelay(descriptor);
        if (reason != null) {
            return reason;
        }
        if (descriptor.published().isAfter(now.plus(SKEW_MAX))) {
            return "Rejected: Your clock is set too far in the future, or your timezone is not correct.";
        }
        if (descriptor.published().isBefore(now.minus(AGE_MAX))) {
            return "Rejected: Server is expired, or your clock is too far in the past,"
                    + " or your timezone is not correct.";
        }
        if (!settings.privateAddresses()
                && descriptor.relay().verified().orAddresses().stream().anyMatch(to -> Ip.isInternal(to.ip()))) {
            return "Rejected: Address is a private address.";
        }
        return null;
    }

    private @Nullable String refusalOfRelay(HeldDescriptor descriptor) {
        RouterDescriptor relay = descriptor.relay().verified();
        String platform = descriptor.platform();
        if (platform.startsWith(TOR)) {
            TorVersion version = version(platform.substring(TOR.length()));
            if (version == null) {
                return "Malformed platform string.";
            }
            if (version.compareTo(settings.minimalVersion()) < 0) {
                return "Tor version is insecure or unsupported. Please upgrade!";
            }
        }
        if (named(descriptor).contains(Standing.REJECT)) {
            return "Fingerprint and/or ed25519 identity is marked rejected -- if you think this is a mistake "
                    + WRITE_TO_US + "fingerprint(s)?";
        }
        if (settings.reject().contains(relay.orAddresses().getFirst())) {
            return "Suspicious relay address range -- if you think this is a mistake " + WRITE_TO_US
                    + "address(es) and fingerprint(s)?";
        }
        if (Hashes.isAllZero(relay.ntorKey())) {
            return "Missing ntor curve25519 onion key. Please upgrade!";
        }
        if (settings.pinKeys() && pins.check(relay.rsaDigest(), relay.ed25519()) == KeyPins.Match.MISMATCH) {
            return "Ed25519 identity key or RSA identity key has changed.";
        }
        return null;
    }

    /// As what a relay that is let in is listed.
    Set<Standing> standing(HeldDescriptor descriptor) {
        EnumSet<Standing> standing = EnumSet.noneOf(Standing.class);
        standing.addAll(named(descriptor));
        RelayAddress address = descriptor.relay().verified().orAddresses().getFirst();
        if (settings.badExit().contains(address)) {
            standing.add(Standing.BADEXIT);
        }
        if (settings.middleOnly().contains(address)) {
            standing.add(Standing.MIDDLEONLY);
        }
        if (settings.invalid().contains(address)) {
            standing.add(Standing.INVALID);
        }
        return standing;
    }

    private Set<Standing> named(HeldDescriptor descriptor) {
        EnumSet<Standing> named = EnumSet.noneOf(Standing.class);
        String ed25519 = Base64Text.unpadded(descriptor.relay().verified().ed25519());
        for (String key : List.of(descriptor.fingerprint(), ed25519)) {
            named.addAll(standings.getOrDefault(key, Set.of()));
        }
        return named;
    }

    private static @Nullable TorVersion version(String platform) {
        Matcher version = VERSION.matcher(platform.strip());
        return version.matches() && version.group(1).length() <= VERSION_CHARS_MAX
                ? TorVersion.parse(version.group(1))
                : null;
    }
}
