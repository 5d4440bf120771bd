package sallyport.lab.roster;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What the operator says of single relays in C tor's file `approved-routers`: lines such as
/// `!badexit FINGERPRINT`, by RSA fingerprint or Ed25519 identity.
public enum Standing {
    REJECT,
    INVALID,
    BADEXIT,
    MIDDLEONLY,
    STRIPGUARD,
    STRIPHSDIR,
    STRIPV2DIR;

    private static final Pattern RSA = Pattern.compile("[0-9A-Fa-f]{40}");
    private static final Pattern ED25519 = Pattern.compile("[A-Za-z0-9+/]{43}");

    /// By fingerprint in upper-case hex, or Ed25519 identity in base64. What is no line of the file, and a
    /// nickname of old, says nothing.
    static Map<String, Set<Standing>> read(String approvedRouters) {
        Map<String, Set<Standing>> standings = new TreeMap<>();
        for (String line : approvedRouters.split("\n", -1)) {
            String[] parts = line.replaceFirst("#.*", "").strip().split("\\s+", 2);
            if (parts.length < 2 || !parts[0].startsWith("!")) {
                continue;
            }
            String relay = parts[1].replace(" ", "");
            for (Standing standing : values()) {
                boolean meant = parts[0].substring(1).equalsIgnoreCase(standing.name());
                if (meant
                        && (RSA.matcher(relay).matches()
                                || ED25519.matcher(relay).matches())) {
                    String key = relay.length() == 40 ? relay.toUpperCase(Locale.ROOT) : relay;
                    standings
                            .computeIfAbsent(key, _ -> EnumSet.noneOf(Standing.class))
                            .add(standing);
                }
            }
        }
        return standings;
    }
}
