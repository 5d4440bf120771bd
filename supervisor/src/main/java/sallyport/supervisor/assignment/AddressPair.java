package sallyport.supervisor.assignment;

import java.util.List;

/// The addresses of one place of a pool, in the spelling of the lock file.
///
/// @param ipv6 empty where the pool has none
public record AddressPair(String ipv4, String ipv6) {
    /// No address of its own.
    public static final AddressPair NONE = new AddressPair("", "");

    public boolean isNone() {
        return ipv4.isEmpty();
    }

    /// IPv4 first.
    public List<String> all() {
        return ipv6.isEmpty() ? List.of(ipv4) : List.of(ipv4, ipv6);
    }

    /// `198.51.100.6,2001:db8::6`.
    @Override
    public String toString() {
        return String.join(",", all());
    }
}
