package sallyport.engine.netdoc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;
import sallyport.engine.bytes.Malformed;

/// Reads `accept ADDRESS[/MASK]:PORTS` and its relatives into rules.
final class ExitPolicyParser {
    /// C tor's "private", in its order (tor manual, ExitPolicy).
    static final List<String> PRIVATE_NETWORKS = List.of(
            "0.0.0.0/8",
            "169.254.0.0/16",
            "127.0.0.0/8",
            "192.168.0.0/16",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "[::]/8",
            "[fc00::]/7",
            "[fe80::]/10",
            "[fec0::]/10",
            "[ff00::]/8",
            "[::]/127");

    private static final byte[] ANY_IPV4 = new byte[4];
    private static final byte[] ANY_IPV6 = new byte[16];

    private ExitPolicyParser() {}

    /// The rules of one entry; several for `private` and for `*`.
    static List<ExitPolicyRule> parse(String entry) throws Malformed {
        String[] words = entry.strip().split("\\s+", -1);
        String verb = words[0].toLowerCase(Locale.ROOT);
        if (!verb.matches("(accept|reject)6?")) {
            throw new Malformed("an entry begins with accept, reject, accept6 or reject6");
        }
        if (words.length != 2) {
            throw new Malformed("an entry has the form `accept ADDRESS[/MASK]:PORTS`");
        }
        boolean accept = verb.startsWith("accept");
        boolean onlyIpv6 = verb.endsWith("6");
        return parseTarget(words[1], accept, onlyIpv6);
    }

    private static List<ExitPolicyRule> parseTarget(String target, boolean accept, boolean onlyIpv6) throws Malformed {
        int bracket = target.startsWith("[") ? target.indexOf(']') : 0;
        if (bracket < 0) {
            throw new Malformed("the bracket of the IPv6 address is not closed");
        }
        int colon = target.indexOf(':', bracket);
        String place = colon < 0 ? target : target.substring(0, colon);
        int[] ports = ports(colon < 0 ? "*" : target.substring(colon + 1));
        List<ExitPolicyRule> rules = new ArrayList<>();
        if (place.equals("private")) {
            if (colon < 0) {
                throw new Malformed("`private` needs ports: `private:*`");
            }
            for (String network : PRIVATE_NETWORKS) {
                rules.add(network(network, accept, ports));
            }
            return rules;
        }
        if ((place.equals("*") && !onlyIpv6) || place.equals("*4")) {
            rules.add(new ExitPolicyRule(accept, ANY_IPV4, 0, ports[0], ports[1]));
        }
        if (place.equals("*") || place.equals("*6")) {
            rules.add(new ExitPolicyRule(accept, ANY_IPV6, 0, ports[0], ports[1]));
        }
        if (rules.isEmpty()) {
            rules.add(network(place, accept, ports));
        }
        if (onlyIpv6 && !rules.getFirst().isIpv6()) {
            throw new Malformed("accept6 and reject6 take IPv6 addresses; use accept or reject for IPv4");
        }
        return rules;
    }

    private static ExitPolicyRule network(String place, boolean accept, int[] ports) throws Malformed {
        int slash = place.indexOf('/');
        String address = slash < 0 ? place : place.substring(0, slash);
        byte[] ip = address.indexOf(':') >= 0 && !address.startsWith("[") ? null : Ip.parse(address);
        if (ip == null) {
            throw new Malformed("not an address; write 192.0.2.1, [2001:db8::1], private, *, *4 or *6");
        }
        int bits = slash < 0 ? ip.length * 8 : bits(place.substring(slash + 1), ip.length * 8);
        return new ExitPolicyRule(accept, ip, bits, ports[0], ports[1]);
    }

    private static int bits(String mask, int most) throws Malformed {
        if (mask.matches("\\d{1,3}")) {
            int bits = Integer.parseInt(mask);
            if (bits <= most) {
                return bits;
            }
            throw new Malformed("the mask has more bits than the address");
        }
        byte[] ip = most == 32 ? Ip.parse(mask) : null;
        if (ip == null || ip.length != 4) {
            throw new Malformed("not a mask; write /24 or, for IPv4, /255.255.255.0");
        }
        int word = (ip[0] & 0xff) << 24 | (ip[1] & 0xff) << 16 | (ip[2] & 0xff) << 8 | (ip[3] & 0xff);
        int bits = Integer.numberOfLeadingZeros(~word);
        if (bits < 32 && word << bits != 0) {
            throw new Malformed("the mask is not a prefix");
        }
        return bits;
    }

    /// Both ends of `80`, `80-90` or `*`.
    private static int[] ports(String text) throws Malformed {
        if (text.isEmpty() || text.equals("*")) {
            return new int[] {1, 65535};
        }
        int dash = text.indexOf('-');
        int from = port(dash < 0 ? text : text.substring(0, dash));
        int to = dash < 0 ? from : port(text.substring(dash + 1));
        if (from > to) {
            throw new Malformed("the range of ports is empty");
        }
        return new int[] {from, to};
    }

    private static int port(String text) throws Malformed {
        @Nullable Integer port = text.matches("\\d{1,5}") ? Integer.valueOf(text) : null;
        if (port == null || port < 1 || port > 65535) {
            throw new Malformed("ports are 1 to 65535, a range like 80-90, or *");
        }
        return port;
    }
}
