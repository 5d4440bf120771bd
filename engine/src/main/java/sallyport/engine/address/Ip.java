package sallyport.engine.address;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// IP literals and the networks that are never public. Never resolves a name.
public final class Ip {
    private Ip() {}

    /// Length of an address of IPv6.
    public static final int IPV6_BYTES = 16;

    /// The 4 or 16 bytes of a literal, with or without brackets around IPv6; null for anything else.
    public static byte @Nullable [] parse(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        if (!bracketed && NetUtil.isValidIpV4Address(text)) {
            return NetUtil.createByteArrayFromIpAddressString(text);
        }
        String inner = bracketed ? text.substring(1, text.length() - 1) : text;
        if (inner.indexOf('%') >= 0 || !NetUtil.isValidIpV6Address(inner)) {
            return null;
        }
        byte[] ip = NetUtil.createByteArrayFromIpAddressString(inner);
        return ip != null && ip.length == 16 ? ip : null;
    }

    /// The object of the JDK for 4 or 16 bytes; an IPv4-mapped IPv6 address comes out as IPv4, as the JDK does.
    public static InetAddress inet(byte[] ip) {
        try {
            return InetAddress.getByAddress(ip);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address", e);
        }
    }

    /// The 4 bytes inside an IPv4-mapped IPv6 address (`::ffff:1.2.3.4`), which is where the kernel connects to; any
    /// other address as it is.
    public static byte[] unmapped(byte[] ip) {
        if (ip.length != 16 || ip[10] != (byte) 0xff || ip[11] != (byte) 0xff) {
            return ip;
        }
        for (int i = 0; i < 10; i++) {
            if (ip[i] != 0) {
                return ip;
            }
        }
        return Arrays.copyOfRange(ip, 12, 16);
    }

    /// `1.2.3.4` or `[2001:db8::1]` (lower case, longest run of zeros shortened).
    public static String format(byte[] ip) {
        return ip.length == 4 ? NetUtil.bytesToIpAddress(ip) : "[" + NetUtil.toAddressString(inet6(ip)) + "]";
    }

    /// Whether the address lies in a network that the public Tor network refuses (dir-spec; C tor's "private"):
    /// loopback, link-local, RFC 1918, unspecified, multicast and unique local ones.
    public static boolean isPrivate(byte[] ip) {
        int a = ip[0] & 0xff;
        int b = ip[1] & 0xff;
        if (ip.length == 4) {
            return a == 0
                    || a == 10
                    || a == 127
                    || (a == 169 && b == 254)
                    || (a == 172 && b >= 16 && b < 32)
                    || (a == 192 && b == 168);
        }
        return a == 0
                || (a & 0xfe) == 0xfc
                || a == 0xff
                || (a == 0xfe && (b & 0xc0) == 0x80)
                || (a == 0xfe && (b & 0xc0) == 0xc0);
    }

    /// Whether C tor takes the address for one of a network of the host's own (its `tor_addr_is_internal`): private
    /// ones
    /// with those of a provider's address translation (RFC 6598), yet neither multicast nor the rest of `::/8`.
    public static boolean isInternal(byte[] ip) {
        int a = ip[0] & 0xff;
        int b = ip[1] & 0xff;
        if (ip.length == 4) {
            return isPrivate(ip) || (a == 100 && (b & 0xc0) == 64);
        }
        byte[] embedded = unmapped(ip);
        if (embedded.length == 4) {
            return isInternal(embedded);
        }
        return (a & 0xfe) == 0xfc || (a == 0xfe && (b & 0x80) == 0x80) || isUnspecifiedOrLoopback(ip);
    }

    /// `::/127`.
    private static boolean isUnspecifiedOrLoopback(byte[] ip) {
        for (int i = 0; i < 15; i++) {
            if (ip[i] != 0) {
                return false;
            }
        }
        return (ip[15] & 0xfe) == 0;
    }

    private static InetAddress inet6(byte[] ip) {
        try {
            return java.net.Inet6Address.getByAddress(null, ip, -1);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address", e);
        }
    }
}
