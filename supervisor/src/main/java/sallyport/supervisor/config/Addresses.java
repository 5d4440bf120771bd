package sallyport.supervisor.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;

/// Reads address keys. All addresses are literals: a name would make the relay depend on who answers for it.
public final class Addresses {
    private static final int DNS_PORT = 53;
    static final int IPV4_BYTES = 4;

    private Addresses() {}

    /// @param ips at most one per family, IPv4 first
    /// @param whole whether nothing was wrong with them, so that what is missing was not written
    record Read(List<byte[]> ips, boolean whole) {}

    /// At most one address per family. Empty lists are a problem.
    static Read onePerFamily(Value value, String example) {
        List<Value> elements = value.list();
        if (elements.isEmpty()) {
            value.problem("is an empty list", "write " + example + ", or remove it");
        }
        byte @Nullable [] ipv4 = null;
        byte @Nullable [] ipv6 = null;
        boolean good = !elements.isEmpty();
        for (Value element : elements) {
            byte[] ip = ip(element, example);
            if (ip == null) {
                good = false;
            } else if ((ip.length == IPV4_BYTES ? ipv4 : ipv6) != null) {
                element.problem(
                        "is a second " + (ip.length == IPV4_BYTES ? "IPv4" : "IPv6") + " address",
                        "keep one address per family");
                good = false;
            } else if (ip.length == IPV4_BYTES) {
                ipv4 = ip;
            } else {
                ipv6 = ip;
            }
        }
        List<byte[]> addresses = new ArrayList<>();
        if (ipv4 != null) {
            addresses.add(ipv4);
        }
        if (ipv6 != null) {
            addresses.add(ipv6);
        }
        return new Read(addresses, good);
    }

    /// Source addresses for outgoing connections.
    static List<InetAddress> sources(Section section, String key, boolean testing) {
        Value value = section.optional(key);
        String example = "\"192.0.2.10\" or [\"192.0.2.10\", \"2001:db8::10\"]";
        if (value == null) {
            return List.of();
        }
        List<byte[]> addresses = onePerFamily(value, example).ips();
        for (byte[] ip : addresses) {
            if (!testing && Ip.inet(ip).isLoopbackAddress()) {
                value.problem(
                        "is " + plain(ip) + ", from which nothing in the public network can be reached",
                        "write an address of this host, or set network.kind = testing");
            }
        }
        return addresses.stream().map(Ip::inet).toList();
    }

    /// `1.2.3.4`, `1.2.3.4:53`, `::1` or `[::1]:53`.
    static @Nullable InetSocketAddress resolver(Value value) {
        String example = "\"127.0.0.1:53\"";
        String text = value.text(example);
        if (text == null) {
            return null;
        }
        RelayAddress server = withPort(text, DNS_PORT);
        if (server == null || server.inet().isAnyLocalAddress()) {
            value.problem(
                    "is " + value.shown() + ", not the address of a name server",
                    "write ADDRESS or ADDRESS:PORT, as " + example + " or \"[::1]:53\"");
            return null;
        }
        return server.socket();
    }

    /// Where to listen, as [#resolver] is written; `0.0.0.0` and `::` are all addresses of the host.
    ///
    /// @param port where none is written
    static @Nullable RelayAddress withPort(Value value, int port, String example) {
        String text = value.text(example);
        if (text == null) {
            return null;
        }
        RelayAddress address = withPort(text, port);
        if (address == null || address.inet().isMulticastAddress() || isMapped(address)) {
            value.problem(
                    "is " + value.shown() + ", not where a host can listen",
                    "write ADDRESS or ADDRESS:PORT, as " + example + "; names are not looked up");
            return null;
        }
        return address;
    }

    private static @Nullable RelayAddress withPort(String text, int otherwise) {
        byte[] ip = Ip.parse(text);
        Integer port = otherwise;
        int colon = text.lastIndexOf(':');
        if (ip == null && colon > 0 && (text.startsWith("[") || text.indexOf(':') == colon)) {
            ip = Ip.parse(text.substring(0, colon));
            port = Ports.parse(text.substring(colon + 1));
        }
        return ip == null || port == null ? null : new RelayAddress(ip, port);
    }

    /// Whether it is an IPv4 address in IPv6 clothes.
    private static boolean isMapped(RelayAddress address) {
        return address.inet().getAddress().length != address.ip().length;
    }

    /// As the file writes it: no brackets around IPv6.
    public static String plain(byte[] ip) {
        String text = Ip.format(ip);
        return text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
    }

    private static byte @Nullable [] ip(Value value, String example) {
        String text = value.text(example);
        if (text == null) {
            return null;
        }
        byte[] ip = Ip.parse(text);
        if (ip == null) {
            value.problem(
                    "is " + value.shown() + ", not an IP address",
                    "write the address in digits, as " + example + "; names are not looked up");
            return null;
        }
        InetAddress inet = Ip.inet(ip);
        if (inet.isAnyLocalAddress() || inet.isMulticastAddress() || inet.getAddress().length != ip.length) {
            value.problem("is " + plain(ip) + ", which no host can have", "write an address of this host");
            return null;
        }
        return ip;
    }
}
