package sallyport.engine.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Local addresses that connections leave from, one of each family (C tor's `OutboundBindAddress*`).
///
/// @param ipv4 null: the system's choice
/// @param ipv6 null: the system's choice
public record SourceAddresses(
        @Nullable InetAddress ipv4, @Nullable InetAddress ipv6) {
    /// The system chooses.
    public static final SourceAddresses NONE = new SourceAddresses(null, null);

    /// The first address of each family.
    public static SourceAddresses of(List<InetAddress> sources) {
        InetAddress ipv4 = null;
        InetAddress ipv6 = null;
        for (InetAddress source : sources) {
            if (source instanceof Inet4Address) {
                ipv4 = ipv4 == null ? source : ipv4;
            } else {
                ipv6 = ipv6 == null ? source : ipv6;
            }
        }
        return new SourceAddresses(ipv4, ipv6);
    }

    /// The source for a connection to `target`, which is IPv4 where an IPv6 address has one inside ([Ip#inet]).
    public @Nullable InetAddress toward(InetAddress target) {
        return target instanceof Inet4Address ? ipv4 : ipv6;
    }
}
