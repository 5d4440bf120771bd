package sallyport.supervisor.plan;

import java.util.ArrayList;
import java.util.List;
import sallyport.supervisor.budget.Limits;
import sallyport.supervisor.budget.Needs;

/// What the relays need of their machine, beside what it gives.
///
/// @param warnings get what does not suffice, with the way out
record MachineNotes(Limits limits, Demand demand, List<String> warnings) {
    /// A sentence each.
    List<String> notes() {
        Needs needs = new Needs(demand.relays());
        List<String> notes = new ArrayList<>();
        addFiles(needs, notes);
        addMemory(needs, notes);
        addConnections(needs, notes);
        addExits(notes);
        return notes;
    }

    private void addFiles(Needs needs, List<String> notes) {
        notes.add("open files: about " + needs.fds() + " when all relays are busy; this process may have "
                + shown(limits.filesMax()) + ", any process " + shown(limits.kernelFilesMax()));
        if (!limits.hasFiles(needs)) {
            warnings.add("open files: " + limits.filesMax() + " are few for " + demand.relays()
                    + " busy relays; set LimitNOFILE=" + needs.fds() + " (ulimit -n), at least");
        }
        if (!limits.kernelHasFiles(needs)) {
            warnings.add("open files: the kernel gives a process " + limits.kernelFilesMax()
                    + " at most; set sysctl fs.nr_open=" + needs.fds());
        }
    }

    private void addMemory(Needs needs, List<String> notes) {
        if (demand.queueBytes() == 0) {
            notes.add("memory: about " + mebibytes(needs.idleBytes()) + " and what waits in queues, which the heap of"
                    + " the process bounds (process.memory-in-queues-max sets it); available " + available());
            return;
        }
        long bytes = demand.queueBytes() + needs.idleBytes();
        notes.add("memory: about " + mebibytes(bytes) + " when all queues are full; available " + available());
        if (!limits.hasMemory(bytes)) {
            warnings.add("memory: " + available() + " are available and " + mebibytes(bytes)
                    + " may be needed; lower process.memory-in-queues-max");
        }
    }

    /// Where the kernel follows no connections, none of them is missing.
    private void addConnections(Needs needs, List<String> notes) {
        if (limits.connectionsMax() == 0) {
            return;
        }
        notes.add("connections that the kernel follows: about " + needs.connections()
                + " when all relays are busy; its table has room for " + limits.connectionsMax());
        if (!limits.hasConnections(needs)) {
            warnings.add("connections: the kernel's table is small; notrack for ORPorts and exit traffic, or sysctl"
                    + " net.netfilter.nf_conntrack_max=" + needs.connectionTable());
        }
    }

    private void addExits(List<String> notes) {
        if (demand.exits() == 0) {
            return;
        }
        long ports = Needs.ports(demand.exitsOnAddress());
        notes.add("local ports: about " + ports + " of the exit address that most relays share ("
                + demand.exitsOnAddress() + "); each address has " + shown(limits.portsPerAddress()));
        if (!limits.hasPorts(ports)) {
            warnings.add("local ports: " + limits.portsPerAddress() + " are few for " + demand.exitsOnAddress()
                    + " busy exits on one address; set sysctl net.ipv4.ip_local_port_range=\"15000 64000\", or let"
                    + " fewer relays share an exit address");
        }
        notes.add("DNS: about " + Needs.dnsQuestions(demand.exits())
                + " questions a second on average, and more in bursts; what the resolver can answer is for you to"
                + " know");
    }

    private String available() {
        return limits.memoryBytes() == 0 ? "unknown" : mebibytes(limits.memoryBytes());
    }

    private static String shown(long value) {
        return value == 0 ? "an unknown number" : Long.toString(value);
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
