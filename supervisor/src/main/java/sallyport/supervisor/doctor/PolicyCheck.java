package sallyport.supervisor.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.PublishedPorts;
import sallyport.supervisor.config.FleetSpec;

/// Whether what relays say they let out goes out, and whether the network takes them for what their
/// policy makes them.
final class PolicyCheck implements Check {
    @Override
    public List<Finding> look(FleetSpec fleet, Machine machine) {
        boolean testing = fleet.network().testing();
        List<Finding> findings = new ArrayList<>();
        boolean toIpv6 = fleet.relays().stream()
                .anyMatch(relay -> relay.exit().ipv6()
                        && !PublishedPorts.of(relay, testing).ipv6().isEmpty());
        if (toIpv6 && !testing && AddressCheck.leadsNowhere(machine)) {
            findings.add(new Finding(
                    "D114",
                    Severity.WARNING,
                    "relays let clients out to IPv6, and this machine has no default route of IPv6",
                    "every such stream fails, after the client has chosen this exit for it",
                    "ip -6 route add default via GATEWAY, or ipv6-exit = false"));
        }
        Map<String, Set<String>> flags = machine.listed(fleet.dataDirectory()).flags();
        for (InstanceSpec relay : fleet.relays()) {
            Set<String> given = flags(relay, fleet, machine, flags);
            if (given != null && given.contains("Running")) {
                compare(relay, PublishedPorts.of(relay, testing), given, findings);
            }
        }
        return findings;
    }

    /// Null where the last consensus does not list it.
    private static @Nullable Set<String> flags(
            InstanceSpec relay, FleetSpec fleet, Machine machine, Map<String, Set<String>> flags) {
        // The file has nickname and fingerprint, as C tor's.
        return machine.text(fleet.dataDirectory().resolve("relays/" + relay.id() + "/fingerprint"))
                .map(text -> flags.get(text.strip().replaceFirst(".* ", "").toUpperCase(Locale.ROOT)))
                .orElse(null);
    }

    private static void compare(InstanceSpec relay, PublishedPorts ports, Set<String> given, List<Finding> findings) {
        if (given.contains("BadExit")) {
            findings.add(
                    new Finding(
                            "D117",
                            Severity.ERROR,
                            relay.id() + " lets clients out, and the consensus calls it BadExit",
                            "no client leaves through it: authorities found that it changes or refuses what it should carry",
                            "see whether the name server and the way out are honest, then write to bad-relays@lists.torproject.org"));
        } else if (ports.deservesExitFlag() != given.contains("Exit")) {
            findings.add(new Finding(
                    "D117",
                    Severity.WARNING,
                    relay.id() + (ports.deservesExitFlag() ? " lets" : " does not let") + " clients out to 80 and 443,"
                            + " and the consensus says " + (given.contains("Exit") ? "Exit" : "no exit"),
                    "what runs publishes another policy than the file has, or the authorities judge it otherwise",
                    "sallyport plan shows what is not applied; a change of the policy takes an hour or two"));
        }
    }
}
