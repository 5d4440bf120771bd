package sallyport.supervisor.doctor;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.config.Addresses;
import sallyport.supervisor.config.FleetSpec;

/// Whether the addresses of the relays are this machine's, and those of IPv6 lead anywhere.
final class AddressCheck implements Check {
    private static final Path IPV6_ROUTES = Path.of("/proc/net/ipv6_route");
    // A destination of 128 zero bits with a prefix of 0 bits, through a device that is not the loopback's.
    private static final Pattern DEFAULT_ROUTE = Pattern.compile("(?m)^0{32} 00 .*(?<! lo)$");

    @Override
    public List<Finding> look(FleetSpec fleet, Machine machine) {
        Map<String, InetAddress> addresses = new TreeMap<>();
        for (InstanceSpec relay : fleet.relays()) {
            relay.listening().forEach(address -> put(addresses, address.socket().getAddress()));
            relay.outboundOr().forEach(address -> put(addresses, address));
            relay.outboundExit().forEach(address -> put(addresses, address));
        }
        List<Finding> findings = new ArrayList<>();
        addresses.forEach((text, address) -> {
            if (!machine.has(address)) {
                findings.add(new Finding(
                        "D111",
                        Severity.ERROR,
                        text + " is no address of this machine",
                        "a relay that is to use it cannot listen or connect",
                        "ip address add " + text + (address instanceof Inet6Address ? "/64" : "/32")
                                + " dev DEVICE, and keep it across restarts"));
            }
        });
        if (!fleet.network().testing() && hasIpv6(addresses.values()) && leadsNowhere(machine)) {
            findings.add(new Finding(
                    "D113",
                    Severity.ERROR,
                    "relays announce IPv6 addresses, and this machine has no default route of IPv6",
                    "authorities that cannot reach a relay's IPv6 address do not list it at all",
                    "ip -6 route add default via GATEWAY, or leave the IPv6 addresses out"));
        }
        return findings;
    }

    private static void put(Map<String, InetAddress> addresses, InetAddress address) {
        addresses.put(Addresses.plain(address.getAddress()), address);
    }

    private static boolean hasIpv6(Collection<InetAddress> addresses) {
        return addresses.stream().anyMatch(Inet6Address.class::isInstance);
    }

    static boolean leadsNowhere(Machine machine) {
        return machine.text(IPV6_ROUTES)
                .map(routes -> !DEFAULT_ROUTE.matcher(routes).find())
                .orElse(true);
    }
}
