package sallyport.engine.directory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;

/// One configured directory authority, or a relay that is asked in its place.
///
/// @param v3Ident SHA-1 of its v3 identity key (20 bytes); null for one that does not vote (a bridge authority)
/// @param rsaDigest SHA-1 of its relay identity (20 bytes)
/// @param dirAddress IPv4 address and DirPort; port 0 where it has none
/// @param orPort port of its relay at the same address; 0 when not stated
/// @param ipv6 its relay's IPv6 address, where stated
public record Authority(
        String nickname,
        byte @Nullable [] v3Ident,
        byte[] rsaDigest,
        RelayAddress dirAddress,
        int orPort,
        @Nullable RelayAddress ipv6) {
    private static final int DIGEST_BYTES = 20;
    // Specification: dir-spec 2.1.1, a nickname is 1 to 19 letters and digits.
    private static final int NICKNAME_CHARS_MAX = 19;

    /// Whether it takes part in the consensus.
    public boolean votes() {
        return v3Ident != null;
    }

    /// For the log.
    String shown() {
        return (votes() ? "authority " : "fallback directory ") + nickname;
    }

    /// Reads the arguments of torrc's `FallbackDir`: `address[:dirport] orport=port id=fingerprint
    /// [ipv6=[address]:port]
    /// [weight=number]`, in any order.
    /// @throws Malformed naming which argument is wrong
    public static Authority parseFallback(String arguments) throws Malformed {
        String address = "";
        byte[] rsaDigest = null;
        int orPort = 0;
        RelayAddress ipv6 = null;
        for (String item : arguments.trim().split("\\s+", -1)) {
            String value = item.substring(item.indexOf('=') + 1);
            if (item.startsWith("orport=")) {
                orPort = port(value, "orport of a FallbackDir");
            } else if (item.startsWith("id=")) {
                rsaDigest = digest(value, "id of a FallbackDir");
            } else if (item.startsWith("ipv6=")) {
                ipv6 = addressAndPort(value, "FallbackDir");
                if (ipv6 == null || !ipv6.isIpv6()) {
                    throw new Malformed("ipv6 of a FallbackDir");
                }
            } else if (item.startsWith("weight=")) {
                // All of ours are asked equally often.
                checkWeight(value);
            } else if (item.indexOf('=') < 0 && address.isEmpty()) {
                address = item;
            } else {
                throw new Malformed("an argument that no FallbackDir has");
            }
        }
        RelayAddress dirAddress =
                address.indexOf(':') < 0 ? RelayAddress.parseIp(address, 0) : addressAndPort(address, "FallbackDir");
        if (dirAddress == null || dirAddress.isIpv6()) {
            throw new Malformed("address of a FallbackDir");
        }
        if (rsaDigest == null || orPort == 0) {
            throw new Malformed("a FallbackDir needs orport and id");
        }
        return new Authority(dirAddress.host(), null, rsaDigest, dirAddress, orPort, ipv6);
    }

    private static void checkWeight(String text) throws Malformed {
        if (!text.matches("[0-9]{1,18}(\\.[0-9]{1,18})?")) {
            throw new Malformed("weight of a FallbackDir");
        }
    }

    /// Reads the arguments of torrc's `DirAuthority`:
    /// `[nickname] [flag ...] address:dirport fingerprint`, the fingerprint in one or more groups of hex.
    /// @throws Malformed naming which argument is wrong
    public static Authority parse(String arguments) throws Malformed {
        List<String> items = new ArrayList<>(Arrays.asList(arguments.trim().split("\\s+")));
        String nickname = isNickname(items.getFirst()) ? items.removeFirst() : "";
        byte[] v3Ident = null;
        int orPort = 0;
        RelayAddress ipv6 = null;
        while (!items.isEmpty() && !startsWithDigit(items.getFirst())) {
            String flag = items.removeFirst();
            String lower = flag.toLowerCase(Locale.ROOT);
            String value = flag.substring(flag.indexOf('=') + 1);
            if (lower.startsWith("orport=")) {
                orPort = port(value, "orport of a DirAuthority");
            } else if (lower.startsWith("v3ident=")) {
                v3Ident = digest(value, "v3ident of a DirAuthority");
            } else if (lower.startsWith("ipv6=")) {
                ipv6 = addressAndPort(value, "DirAuthority");
                if (ipv6 == null || !ipv6.isIpv6()) {
                    throw new Malformed("ipv6 of a DirAuthority");
                }
            }
            // Other words (no-v2, bridge, weight=, upload=, download=, vote=) change nothing for a relay's fetches.
        }
        if (items.size() < 2) {
            throw new Malformed("a DirAuthority needs address:port and fingerprint");
        }
        RelayAddress dirAddress = addressAndPort(items.removeFirst(), "DirAuthority");
        if (dirAddress == null || dirAddress.isIpv6()) {
            throw new Malformed("address:port of a DirAuthority");
        }
        byte[] rsaDigest = digest(String.join("", items), "fingerprint of a DirAuthority");
        String name = nickname.isEmpty() ? "auth" + dirAddress.host() : nickname;
        return new Authority(name, v3Ident, rsaDigest, dirAddress, orPort, ipv6);
    }

    private static @Nullable RelayAddress addressAndPort(String text, String of) throws Malformed {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return null;
        }
        return RelayAddress.parseIp(text.substring(0, colon), port(text.substring(colon + 1), "port of a " + of));
    }

    private static int port(String text, String what) throws Malformed {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // falls through to the refusal
        }
        throw new Malformed(what);
    }

    private static byte[] digest(String hex, String what) throws Malformed {
        if (hex.length() != 2 * DIGEST_BYTES) {
            throw new Malformed(what);
        }
        return Hex.decode(hex);
    }

    private static boolean startsWithDigit(String text) {
        return !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    }

    private static boolean isNickname(String text) {
        return !text.isEmpty()
                && text.length() <= NICKNAME_CHARS_MAX
                && text.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c));
    }
}
