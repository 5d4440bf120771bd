package sallyport.engine.dns;

import org.jspecify.annotations.Nullable;

/// All that is known of one name.
///
/// @param ipv4 answer to A; null for a reverse lookup
/// @param ipv6 answer to AAAA; null where it was not asked
/// @param reverse answer to PTR; null for a name
public record Resolution(
        @Nullable DnsAnswer ipv4,
        @Nullable DnsAnswer ipv6,
        @Nullable DnsAnswer reverse) {
    @Override
    public String toString() {
        return "[scrubbed]";
    }
}
