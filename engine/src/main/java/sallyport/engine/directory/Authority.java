package sallyport.engine.directory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;

/// One configured directory authority.
///
/// @param v3Ident SHA-1 of its v3 identity key (20 bytes); null for one that does not vote (a bridge authority)
/// @param rsaDigest SHA-1 of its relay identity (20 bytes)
/// @param dirAddress IPv4 address and DirPort
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
                ipv6 = addressAndPort(value);
                if (ipv6 == null || !ipv6.isIpv6()) {
                    throw new Malformed("ipv6 of a DirAuthority");
                }
            }
            // Other words (no-v2, bridge, weight=, upload=, download=, vote=) change nothing for a relay's fetches.
        }
        if (items.size() < 2) {
            throw new Malformed("a DirAuthority needs address:port and fingerprint");
        }
        RelayAddress dirAddress = addressAndPort(items.removeFirst());
        if (dirAddress == null || dirAddress.isIpv6()) {
            throw new Malformed("address:port of a DirAuthority");
        }
        byte[] rsaDigest = digest(String.join("", items), "fingerprint of a DirAuthority");
        String name = nickname.isEmpty() ? "auth" + dirAddress.host() : nickname;
        return new Authority(name, v3Ident, rsaDigest, dirAddress, orPort, ipv6);
    }

    private static @Nullable RelayAddress addressAndPort(String text) throws Malformed {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return null;
        }
        return RelayAddress.parseIp(
                text.substring(0, colon), port(text.substring(colon + 1), "port of a DirAuthority"));
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
