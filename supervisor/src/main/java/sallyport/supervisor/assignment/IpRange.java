package sallyport.supervisor.assignment;

import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;

/// Neighbouring addresses of one family: `198.51.100.0/26`, `198.51.100.5-198.51.100.9`, or one address alone.
///
/// @param first as a number
/// @param count at least 1
/// @param bits 32 or 128
/// @param edge what lies at both ends of a network and is no host's: [Edge#NONE] for a range from address to address
public record IpRange(BigInteger first, BigInteger count, int bits, Edge edge) {
    /// Addresses of a network that no host can have.
    public enum Edge {
        NONE,
        /// IPv6: the first is the anycast address of the network's routers (RFC 4291 2.6.1).
        FIRST,
        /// IPv4: the first names the network, the last is its broadcast address.
        BOTH
    }

    // A /31 or /127 joins two hosts and has no edge (RFC 3021, RFC 6164).
    private static final int EDGELESS_HOST_BITS_MAX = 1;

    /// A text that is no range.
    public static final class BadRange extends Exception {
        private static final long serialVersionUID = 1L;
        private final String fix;

        BadRange(String what, String fix) {
            super(what);
            this.fix = fix;
        }

        public String fix() {
            return fix;
        }
    }

    /// @throws BadRange with what is wrong, and what to write instead
    public static IpRange parse(String text) throws BadRange {
        int slash = text.indexOf('/');
        int dash = text.indexOf('-');
        if (slash >= 0) {
            return network(text, slash);
        }
        byte[] from = ip(dash < 0 ? text : text.substring(0, dash).strip());
        byte[] to = dash < 0 ? from : ip(text.substring(dash + 1).strip());
        if (from.length != to.length) {
            throw new BadRange(
                    "begins in one family and ends in the other", "write both ends as IPv4, or both as IPv6");
        }
        BigInteger count = number(to).subtract(number(from)).add(BigInteger.ONE);
        if (count.signum() <= 0) {
            throw new BadRange("ends before it begins", "write the lower address first");
        }
        return new IpRange(number(from), count, from.length * Byte.SIZE, Edge.NONE);
    }

    private static IpRange network(String text, int slash) throws BadRange {
        byte[] ip = ip(text.substring(0, slash));
        int bits = ip.length * Byte.SIZE;
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
            throw new BadRange("has no length of a network after the /", "write 0 to " + bits + " after it");
        }
        int hostBits = bits - Integer.parseInt(length);
        BigInteger first = number(ip);
        BigInteger network = first.shiftRight(hostBits).shiftLeft(hostBits);
        if (!network.equals(first)) {
            throw new BadRange(
                    "has host bits set: the network of that length begins at " + text(network, bits),
                    "write " + text(network, bits) + "/" + length);
        }
        Edge edge = bits == 32 ? Edge.BOTH : Edge.FIRST;
        return new IpRange(
                first, BigInteger.ONE.shiftLeft(hostBits), bits, hostBits <= EDGELESS_HOST_BITS_MAX ? Edge.NONE : edge);
    }

    public boolean isIpv6() {
        return bits == 128;
    }

    /// The address at a place of the range, counted from 0.
    public String at(BigInteger offset) {
        return text(first.add(offset), bits);
    }

    /// Where the address lies in the range; empty when it does not.
    public Optional<BigInteger> offsetOf(String address) {
        byte @Nullable [] ip = Ip.parse(address);
        if (ip == null || ip.length * Byte.SIZE != bits) {
            return Optional.empty();
        }
        BigInteger offset = number(ip).subtract(first);
        return offset.signum() >= 0 && offset.compareTo(count) < 0 ? Optional.of(offset) : Optional.empty();
    }

    /// Whether a host may have the address at that place.
    boolean isHost(BigInteger offset) {
        return switch (edge) {
            case NONE -> true;
            case FIRST -> offset.signum() > 0;
            case BOTH -> offset.signum() > 0 && offset.add(BigInteger.ONE).compareTo(count) < 0;
        };
    }

    public boolean overlaps(IpRange other) {
        return bits == other.bits
                && first.compareTo(other.first.add(other.count)) < 0
                && other.first.compareTo(first.add(count)) < 0;
    }

    private static byte[] ip(String text) throws BadRange {
        byte[] ip = Ip.parse(text);
        if (ip == null) {
            throw new BadRange(
                    "is no address or network", "write it as \"198.51.100.0/26\" or \"198.51.100.5-198.51.100.9\"");
        }
        return ip;
    }

    private static BigInteger number(byte[] ip) {
        return new BigInteger(1, ip);
    }

    /// The one spelling of an address that lock files have: IPv6 without brackets.
    private static String text(BigInteger number, int bits) {
        byte[] ip = new byte[bits / Byte.SIZE];
        byte[] digits = number.toByteArray();
        for (int i = 0; i < Math.min(ip.length, digits.length); i++) {
            ip[ip.length - 1 - i] = digits[digits.length - 1 - i];
        }
        return plain(ip);
    }

    static String plain(byte[] ip) {
        return Ip.format(ip).replaceAll("[\\[\\]]", "");
    }
}
