package sallyport.supervisor.doctor;

import java.util.ArrayList;
import java.util.List;
import sallyport.supervisor.budget.PortRange;
import sallyport.supervisor.config.FleetSpec;

/// Settings of the kernel that starve or break a machine with many connections and addresses.
final class KernelCheck implements Check {
    // Tor's advice to relay operators: 15000 to 64000.
    private static final int PORTS_NEEDED = 49_001;

    /// A setting with a value that does harm.
    private record Harm(String name, String value, boolean manyAddresses, String why, String better) {}

    private static final List<Harm> HARMS = List.of(
            new Harm(
                    "net.ipv4.tcp_timestamps",
                    "0",
                    false,
                    "without timestamps ports in TIME-WAIT cannot be used again (tcp_tw_reuse)",
                    "1"),
            new Harm(
                    "net.ipv4.tcp_tw_recycle",
                    "1",
                    false,
                    "it breaks connections of clients behind one address; old lists still advise it",
                    "0"),
            new Harm(
                    "net.ipv4.conf.all.rp_filter",
                    "1",
                    true,
                    "packets that come in by another way than answers leave are dropped, as with source routing",
                    "2"));

    @Override
    public List<Finding> look(FleetSpec fleet, Machine machine) {
        List<Finding> findings = new ArrayList<>();
        checkPorts(fleet, machine, findings);
        boolean manyAddresses = fleet.relays().size() > 1;
        for (Harm harm : HARMS) {
            boolean found =
                    machine.sysctl(harm.name()).filter(harm.value()::equals).isPresent();
            if (found && (manyAddresses || !harm.manyAddresses())) {
                findings.add(new Finding(
                        "D133",
                        Severity.WARNING,
                        harm.name() + " is " + harm.value(),
                        harm.why(),
                        "sysctl -w " + harm.name() + "=" + harm.better()));
            }
        }
        return findings;
    }

    private static void checkPorts(FleetSpec fleet, Machine machine, List<Finding> findings) {
        PortRange range = machine.sysctl("net.ipv4.ip_local_port_range")
                .flatMap(PortRange::parse)
                .orElse(null);
        if (range == null) {
            return;
        }
        int first = range.first();
        int last = range.last();
        if (range.size() < PORTS_NEEDED) {
            findings.add(new Finding(
                    "D131",
                    Severity.WARNING,
                    "local ports are " + first + " to " + last + ", fewer than " + PORTS_NEEDED,
                    "an exit that has no port left for a server refuses the stream, and is marked overloaded in public",
                    "sysctl -w net.ipv4.ip_local_port_range=\"15000 64000\""));
        }
        String reserved = machine.sysctl("net.ipv4.ip_local_reserved_ports").orElse("");
        List<Integer> taken = fleet.relays().stream()
                .map(relay -> relay.orAddresses().getFirst().port())
                .distinct()
                .sorted()
                .filter(port -> port >= first && port <= last && !isReserved(reserved, port))
                .toList();
        if (!taken.isEmpty()) {
            findings.add(new Finding(
                    "D131",
                    Severity.WARNING,
                    "the or-port " + taken.getFirst()
                            + (taken.size() == 1 ? "" : " (and " + (taken.size() - 1) + " more)")
                            + " lies among the ports that connections take",
                    "a connection can take it while the relay restarts, which then cannot listen",
                    "sysctl -w net.ipv4.ip_local_reserved_ports=" + joined(reserved, taken)));
        }
    }

    private static String joined(String reserved, List<Integer> ports) {
        String more = String.join(",", ports.stream().map(String::valueOf).toList());
        return reserved.isEmpty() ? more : reserved + "," + more;
    }

    /// @param list as the kernel prints it: `8080,9000-9010`
    private static boolean isReserved(String list, int port) {
        for (String part : list.split(",", -1)) {
            String[] ends = part.strip().split("-", -1);
            if (ends[0].matches("\\d{1,5}")
                    && Integer.parseInt(ends[0]) <= port
                    && port <= Integer.parseInt(ends[ends.length - 1])) {
                return true;
            }
        }
        return false;
    }
}
