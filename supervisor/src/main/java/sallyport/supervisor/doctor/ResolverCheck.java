package sallyport.supervisor.doctor;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sallyport.engine.instance.InstanceSpec;
import sallyport.supervisor.config.FleetSpec;

/// Who is asked for the names that clients want to reach.
final class ResolverCheck implements Check {
    // Operators of big public resolvers, who would see where much of Tor goes.
    private static final Set<String> PUBLIC = Stream.of(
                    "8.8.8.8 8.8.4.4 2001:4860:4860::8888 2001:4860:4860::8844",
                    "1.1.1.1 1.0.0.1 2606:4700:4700::1111 2606:4700:4700::1001",
                    "9.9.9.9 9.9.9.10 149.112.112.10 149.112.112.112 2620:fe::fe 2620:fe::9 2620:fe::10 2620:fe::fe:10",
                    "208.67.222.222 208.67.222.123 208.67.220.220 208.67.220.123 2620:119:35::35 2620:119:53::53",
                    "4.2.2.1 4.2.2.2 4.2.2.3 4.2.2.4 4.2.2.5 4.2.2.6")
            .flatMap(line -> Stream.of(line.split(" ")))
            .map(address -> InetAddress.ofLiteral(address).getHostAddress())
            .collect(Collectors.toUnmodifiableSet());
    private static final Path SYSTEM = Path.of("/etc/resolv.conf");
    private static final Pattern NAME_SERVER = Pattern.compile("(?m)^\\s*nameserver\\s+([0-9a-fA-F.:]+)\\s*$");
    private static final int MOST = 2;

    @Override
    public List<Finding> look(FleetSpec fleet, Machine machine) {
        List<String> servers = fleet.process().resolver().servers().isEmpty()
                ? ofSystem(machine)
                : fleet.process().resolver().servers().stream()
                        .map(server -> server.getAddress().getHostAddress())
                        .toList();
        List<Finding> findings = new ArrayList<>();
        for (String server : servers) {
            if (PUBLIC.contains(server)) {
                findings.add(new Finding(
                        "D120",
                        Severity.ERROR,
                        "the name server " + server + " is a big public one",
                        "few companies would see where a large part of Tor goes",
                        "run a recursive resolver here (unbound), and set resolver = [\"127.0.0.1:53\"]"));
            }
            if (relayAddresses(fleet).contains(server)) {
                findings.add(new Finding(
                        "D115",
                        Severity.WARNING,
                        "the name server " + server + " has the address of a relay",
                        "block lists take relays' addresses, and all exits would lose DNS together",
                        "give the resolver another address, for its questions too (unbound: outgoing-interface)"));
            }
        }
        if (servers.size() > MOST) {
            findings.add(new Finding(
                    "D121",
                    Severity.NOTE,
                    servers.size() + " name servers are configured",
                    "a third is asked only when two fail, and is one more who sees the names",
                    "keep two, the local one first"));
        }
        return findings;
    }

    private static List<String> ofSystem(Machine machine) {
        String text = machine.text(SYSTEM).orElse("");
        return NAME_SERVER
                .matcher(text)
                .results()
                .map(found -> plain(found.group(1)))
                .toList();
    }

    /// What is no address is nobody's.
    private static String plain(String literal) {
        try {
            return InetAddress.ofLiteral(literal).getHostAddress();
        } catch (IllegalArgumentException e) {
            return literal;
        }
    }

    private static Set<String> relayAddresses(FleetSpec fleet) {
        return fleet.relays().stream()
                .flatMap(ResolverCheck::addresses)
                .map(InetAddress::getHostAddress)
                .filter(address -> !address.equals("127.0.0.1"))
                .collect(Collectors.toSet());
    }

    private static Stream<InetAddress> addresses(InstanceSpec relay) {
        return Stream.of(
                        relay.orAddresses().stream()
                                .map(address -> address.socket().getAddress()),
                        relay.outboundOr().stream(),
                        relay.outboundExit().stream())
                .flatMap(addresses -> addresses);
    }
}
