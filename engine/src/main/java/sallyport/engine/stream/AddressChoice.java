package sallyport.engine.stream;

import org.jspecify.annotations.Nullable;
import sallyport.engine.cell.BeginMessage;
import sallyport.engine.dns.DnsAnswer;
import sallyport.engine.dns.Resolution;
import sallyport.engine.exit.ExitSettings;

/// Which of a name's addresses a stream gets.
final class AddressChoice {
    private AddressChoice() {}

    /// Where both would do, the policy decides first, then the client's preference. Null when the client takes none of
    /// what was found.
    static DnsAnswer.@Nullable Address choose(Resolution resolution, BeginMessage begin, ExitSettings settings) {
        boolean ipv4Fits = !begin.has(BeginMessage.IPV4_NOT_OK);
        boolean ipv6Fits = begin.has(BeginMessage.IPV6_OK) && settings.ipv6Exit();
        DnsAnswer.Address ipv4 = ipv4Fits ? address(resolution.ipv4()) : null;
        DnsAnswer.Address ipv6 = ipv6Fits ? address(resolution.ipv6()) : null;
        if (ipv4 == null || ipv6 == null) {
            return ipv4 == null ? ipv6 : ipv4;
        }
        int port = begin.destination().port();
        boolean ipv4Allowed = settings.accepts(ipv4.ip(), port);
        boolean ipv6Allowed = settings.accepts(ipv6.ip(), port);
        if (ipv4Allowed != ipv6Allowed) {
            return ipv4Allowed ? ipv4 : ipv6;
        }
        return begin.has(BeginMessage.IPV6_PREFERRED) ? ipv6 : ipv4;
    }

    private static DnsAnswer.@Nullable Address address(@Nullable DnsAnswer answer) {
        return answer instanceof DnsAnswer.Address address ? address : null;
    }
}
