package sallyport.lab.socks;

/// The name under which the name of an address is looked up (RFC 1035 and 3596).
final class ReverseName {
    private ReverseName() {}

    /// @param ip 4 or 16 bytes
    static String of(byte[] ip) {
        StringBuilder name = new StringBuilder();
        for (int i = ip.length - 1; i >= 0; i--) {
            int b = ip[i] & 0xff;
            if (ip.length == 4) {
                name.append(b).append('.');
            } else {
                name.append(Character.forDigit(b & 15, 16)).append('.');
                name.append(Character.forDigit(b >>> 4, 16)).append('.');
            }
        }
        return name.append(ip.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }
}
