package sallyport.engine.dns;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;

/// A name a client sent, checked and in its canonical form.
///
/// @param text lower case, without a final dot
/// @param reverse the name asks for the name of an address
record HostName(String text, boolean reverse) {
    // RFC 1035 2.3.4: labels of at most 63 octets, names of at most 255, which is 253 as text.
    private static final int LABEL_MAX = 63;
    private static final int NAME_MAX = 253;
    private static final String REVERSE_IPV4 = ".in-addr.arpa";
    private static final String REVERSE_IPV6 = ".ip6.arpa";

    @Override
    public String toString() {
        return "[scrubbed]";
    }

    /// Null for what is never asked: an odd character, an impossible length, a malformed reverse name, or the reverse
    /// name of a private address.
    static @Nullable HostName check(String name) {
        String text = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (!isShaped(text)) {
            return null;
        }
        text = text.toLowerCase(Locale.ROOT);
        if (!text.endsWith(REVERSE_IPV4) && !text.endsWith(REVERSE_IPV6)) {
            return new HostName(text, false);
        }
        byte[] ip = reversedAddress(text);
        return ip == null || Ip.isInternal(ip) ? null : new HostName(text, true);
    }

    private static boolean isShaped(String text) {
        if (text.isEmpty() || text.length() > NAME_MAX) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    return false;
                }
                label = 0;
            } else if (!isAllowed(c) || ++label > LABEL_MAX) {
                return false;
            }
        }
        return label > 0;
    }

    /// C tor: letters, digits, `-`, `.` and, because some systems use it, `_`.
    static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static byte @Nullable [] reversedAddress(String text) {
        return text.endsWith(REVERSE_IPV4)
                ? reversedIpv4(text.substring(0, text.length() - REVERSE_IPV4.length()))
                : reversedIpv6(text.substring(0, text.length() - REVERSE_IPV6.length()));
    }

    private static byte @Nullable [] reversedIpv4(String text) {
        byte[] ip = Ip.parse(text);
        return ip == null || ip.length != 4 ? null : new byte[] {ip[3], ip[2], ip[1], ip[0]};
    }

    /// 32 hexadecimal digits, the lowest first, with dots between them.
    private static byte @Nullable [] reversedIpv6(String text) {
        if (text.length() != 63) {
            return null;
        }
        byte[] ip = new byte[16];
        for (int i = 0; i < 32; i++) {
            int digit = Character.digit(text.charAt(2 * i), 16);
            if (digit < 0 || (i < 31 && text.charAt(2 * i + 1) != '.')) {
                return null;
            }
            ip[15 - i / 2] |= (byte) (i % 2 == 0 ? digit : digit << 4);
        }
        return ip;
    }
}
