package sallyport.engine.netdoc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.bytes.Base64Text;
import sallyport.engine.bytes.Hex;
import sallyport.engine.bytes.Malformed;

/// The small values that stand in lines: numbers, digests, nicknames, addresses.
public final class Values {
    // Specification: dir-spec 2.1.1, nicknames are "between 1 and 19 alphanumeric characters".
    private static final int NICKNAME_CHARS_MAX = 19;

    private Values() {}

    /// A nickname, unchanged.
    public static String nickname(String text) throws Malformed {
        boolean legal = !text.isEmpty() && text.length() <= NICKNAME_CHARS_MAX;
        for (int i = 0; legal && i < text.length(); i++) {
            char c = text.charAt(i);
            legal = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        }
        if (!legal) {
            throw new Malformed("not a nickname");
        }
        return text;
    }

    /// Base64 of exactly `length` bytes.
    public static byte[] base64(String text, int length) throws Malformed {
        if (text.length() > 2 * length) {
            throw new Malformed("a key or digest of another length");
        }
        byte[] bytes = Base64Text.decode(text);
        if (bytes.length != length) {
            throw new Malformed("a key or digest of another length");
        }
        return bytes;
    }

    /// Hex of exactly `length` bytes.
    public static byte[] hex(String text, int length) throws Malformed {
        if (text.length() != 2 * length) {
            throw new Malformed("a key or digest of another length");
        }
        return Hex.decode(text);
    }

    /// A decimal number within bounds.
    public static long number(String text, long min, long max) throws Malformed {
        boolean negative = text.startsWith("-");
        int from = negative ? 1 : 0;
        // Ours: 18 digits fit a long and are more than any field holds.
        if (text.length() == from || text.length() > 18) {
            throw new Malformed("not a number");
        }
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw new Malformed("not a number");
            }
        }
        long value = Long.parseLong(text);
        if (value < min || value > max) {
            throw new Malformed("a number out of its range");
        }
        return value;
    }

    /// An IPv4 address and a port, which may be 0.
    public static RelayAddress ipv4(String ip, String port) throws Malformed {
        RelayAddress address = RelayAddress.parseIp(ip, (int) number(port, 0, 65535));
        if (address == null || address.isIpv6()) {
            throw new Malformed("not an IPv4 address");
        }
        return address;
    }

    /// dir-spec 3.4.1: `params` is a list of `Keyword=Int32`, sorted, each keyword once. In the order of
    /// the document.
    public static Map<String, Integer> parameters(@Nullable Item line) throws Malformed {
        Map<String, Integer> values = new LinkedHashMap<>();
        String last = "";
        for (String entry : line == null ? List.<String>of() : line.arguments()) {
            int equals = entry.indexOf('=');
            if (equals < 1 || entry.compareTo(last) <= 0) {
                throw new Malformed("parameters that are no pairs or not in order");
            }
            last = entry;
            long value = number(entry.substring(equals + 1), Integer.MIN_VALUE, Integer.MAX_VALUE);
            if (values.put(entry.substring(0, equals), (int) value) != null) {
                throw new Malformed("a parameter twice");
            }
        }
        return values;
    }

    /// The first IPv6 address with a port among lines `[v6]:port`; others are passed over, as C tor does.
    public static @Nullable RelayAddress firstIpv6(List<Item> lines) throws Malformed {
        for (Item line : lines) {
            String text = line.argument(0);
            int colon = text.lastIndexOf("]:");
            if (!text.startsWith("[") || colon < 0) {
                continue;
            }
            String port = text.substring(colon + 2);
            if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
                continue;
            }
            int value = Integer.parseInt(port);
            RelayAddress address =
                    value < 1 || value > 65535 ? null : RelayAddress.parseIp(text.substring(0, colon + 1), value);
            if (address != null && address.isIpv6()) {
                return address;
            }
        }
        return null;
    }
}
