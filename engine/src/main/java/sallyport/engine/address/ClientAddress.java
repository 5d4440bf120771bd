package sallyport.engine.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The address of whoever connected to us: possibly a person. It can be compared and put into NETINFO, but never
/// printed.
public final class ClientAddress {
    private final byte[] ip;

    public ClientAddress(InetAddress address) {
        this.ip = address.getAddress();
    }

    public static ClientAddress of(InetSocketAddress socket) {
        return new ClientAddress(socket.getAddress());
    }

    /// The bytes, for NETINFO and for comparing with a relay's published address. Never to be logged or stored.
    public byte[] ipForWire() {
        return ip.clone();
    }

    /// A number that stands for whoever has it, to be counted by and never kept: an IPv4 address, or the /64 of an IPv6
    /// address, of which whoever has one address has them all.
    public long network() {
        long number = 0;
        for (int i = 0; i < Math.min(ip.length, Long.BYTES); i++) {
            number = number << 8 | (ip[i] & 0xff);
        }
        return number;
    }

    public boolean sameIp(RelayAddress relay) {
        return Arrays.equals(ip, relay.ip());
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof ClientAddress other && Arrays.equals(ip, other.ip);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ip);
    }

    @Override
    public String toString() {
        return "[scrubbed]";
    }
}
