package sallyport.engine.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A public address of a relay: 4 or 16 bytes and a port. It stands in consensus and descriptors and may be shown.
/// A port of 0 means that none is stated.
public final class RelayAddress {
    private final byte[] ip;
    private final int port;

    /// @throws IllegalArgumentException for another length than 4 or 16 bytes, or a port beyond 65535
    public RelayAddress(byte[] ip, int port) {
        if ((ip.length != 4 && ip.length != 16) || port < 0 || port > 65535) {
            throw new IllegalArgumentException("not an address");
        }
        this.ip = ip.clone();
        this.port = port;
    }

    public static RelayAddress of(InetSocketAddress socket) {
        return new RelayAddress(socket.getAddress().getAddress(), socket.getPort());
    }

    /// Reads `1.2.3.4` or `[::1]` or `::1`, never a name; null when it is neither.
    public static @Nullable RelayAddress parseIp(String text, int port) {
        byte[] ip = Ip.parse(text);
        return ip == null ? null : new RelayAddress(ip, port);
    }

    public byte[] ip() {
        return ip.clone();
    }

    public int port() {
        return port;
    }

    public boolean isIpv6() {
        return ip.length == 16;
    }

    public InetAddress inet() {
        return Ip.inet(ip);
    }

    public InetSocketAddress socket() {
        return new InetSocketAddress(inet(), port);
    }

    /// Whether both name the same IP, whatever the ports.
    public boolean sameIp(RelayAddress other) {
        return Arrays.equals(ip, other.ip);
    }

    /// The address alone: `1.2.3.4` or `[2001:db8::1]`.
    public String host() {
        return Ip.format(ip);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof RelayAddress other && port == other.port && Arrays.equals(ip, other.ip);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ip) * 31 + port;
    }

    @Override
    public String toString() {
        return host() + ":" + port;
    }
}
