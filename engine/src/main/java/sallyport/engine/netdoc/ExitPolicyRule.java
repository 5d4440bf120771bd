package sallyport.engine.netdoc;

import sallyport.engine.address.Ip;

/// One rule of an exit policy: a network of one family, a range of ports, and what to do with both.
///
/// @param ip 4 or 16 bytes; never changed after construction
/// @param bits fixed bits of the network, 0 for every address of the family
record ExitPolicyRule(boolean accept, byte[] ip, int bits, int portMin, int portMax) {
    boolean isIpv6() {
        return ip.length == 16;
    }

    boolean isCatchAll() {
        return bits == 0 && portMin <= 1 && portMax == 65535;
    }

    boolean matches(byte[] address, int port) {
        return port >= portMin && port <= portMax && sameNetwork(address, bits);
    }

    /// Whether nothing that `other` matches escapes this rule; accept and reject do not matter.
    boolean covers(ExitPolicyRule other) {
        return bits <= other.bits
                && sameNetwork(other.ip, bits)
                && portMin <= other.portMin
                && portMax >= other.portMax;
    }

    boolean intersects(ExitPolicyRule other) {
        return sameNetwork(other.ip, Math.min(bits, other.bits))
                && portMax >= other.portMin
                && other.portMax >= portMin;
    }

    /// As a server descriptor writes it: `accept 192.0.2.0/24:80`, for IPv6 `accept6 [2001:db8::]/32:80`.
    String text() {
        return (accept ? "accept" : "reject") + (isIpv6() ? "6 " : " ") + network() + ports();
    }

    /// `192.0.2.0/24`, `192.0.2.1`, or `*` for every address.
    String network() {
        if (bits == 0) {
            return "*";
        }
        return Ip.format(ip) + (bits < ip.length * 8 ? "/" + bits : "");
    }

    private String ports() {
        if (portMin <= 1 && portMax == 65535) {
            return ":*";
        }
        return ":" + (portMin == portMax ? String.valueOf(portMin) : portMin + "-" + portMax);
    }

    private boolean sameNetwork(byte[] other, int prefix) {
        if (other.length != ip.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (ip[i] != other[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((ip[whole] ^ other[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }
}
