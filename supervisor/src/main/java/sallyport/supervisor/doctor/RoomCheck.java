package sallyport.supervisor.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sallyport.supervisor.budget.Limits;
import sallyport.supervisor.budget.Needs;
import sallyport.supervisor.config.FleetSpec;

/// Whether FDs, memory and the kernel's table of connections are enough for so many busy relays.
final class RoomCheck implements Check {
    private static final double GIBIBYTE = 1 << 30;

    @Override
    public List<Finding> look(FleetSpec fleet, Machine machine) {
        Needs needs = new Needs(fleet.relays().size());
        List<Finding> findings = new ArrayList<>();
        Limits limits = machine.limits();
        if (!limits.hasFiles(needs)) {
            findings.add(new Finding(
                    "D130",
                    Severity.WARNING,
                    "the process may open " + limits.filesMax() + " files; " + needs.relays() + " busy relays need "
                            + needs.fds(),
                    "without a file a relay refuses links and streams, and is marked overloaded in public",
                    "LimitNOFILE=" + needs.fds() + " in the service's unit, and at least as much in fs.nr_open"));
        }
        if (!limits.kernelHasFiles(needs)) {
            findings.add(new Finding(
                    "D130",
                    Severity.WARNING,
                    "fs.nr_open is " + limits.kernelFilesMax() + "; " + needs.relays() + " busy relays need "
                            + needs.fds(),
                    "no limit of a process can be higher, and a higher one in a unit is lowered in silence",
                    "sysctl -w fs.nr_open=" + needs.fds()));
        }
        if (!limits.hasConnections(needs)) {
            findings.add(new Finding(
                    "D132",
                    Severity.WARNING,
                    "nf_conntrack_max is " + limits.connectionsMax() + "; " + needs.relays() + " busy relays have "
                            + needs.connections() + " connections",
                    "a full table drops new connections of everybody",
                    "notrack for ORPorts and exit traffic, or sysctl -w net.netfilter.nf_conntrack_max="
                            + 2 * needs.connections()));
        }
        long wanted = needs.idleBytes() + fleet.process().memoryInQueuesMaxBytes();
        if (!limits.hasMemory(wanted)) {
            findings.add(new Finding(
                    "D134",
                    Severity.ERROR,
                    String.format(
                            Locale.ROOT,
                            "there are %.1f GiB of memory; the relays may take %.1f",
                            limits.memoryBytes() / GIBIBYTE,
                            wanted / GIBIBYTE),
                    "the kernel ends a process for which there is no memory, and all its relays with it",
                    "fewer relays, more memory, or a smaller process.memory-in-queues-max"));
        }
        return findings;
    }
}
