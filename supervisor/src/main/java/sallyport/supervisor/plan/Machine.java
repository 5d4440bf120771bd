package sallyport.supervisor.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sallyport.supervisor.budget.Needs;
import sallyport.supervisor.budget.PortRange;
import sallyport.supervisor.budget.Proc;

/// What this machine lets a process have.
///
/// @param filesMax how many files the process may open at most (RLIMIT_NOFILE, the hard one); 0 when it
/// is not known
/// @param kernelFilesMax how many the kernel lets any process open (`fs.nr_open`); 0 when it is not known
/// @param memoryBytes what could be had without swapping; 0 when it is not known
/// @param connectionsMax entries of the kernel's table of connections; 0 where there is none
/// @param portsPerAddress local ports that connections of one source address may have; 0 when it is not
/// known
public record Machine(long filesMax, long kernelFilesMax, long memoryBytes, long connectionsMax, long portsPerAddress) {
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,18})");
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+([0-9]{1,15}) kB");

    /// As the process that calls finds it.
    ///
    /// @param pid of the process that runs the relays, or of the calling one
    public static Machine here(long pid) {
        return new Machine(
                Proc.openFilesMax(pid).orElse(0),
                number(NUMBER, Proc.setting("fs.nr_open")),
                number(AVAILABLE, Path.of("/proc/meminfo")) << 10,
                number(NUMBER, Proc.setting("net.netfilter.nf_conntrack_max")),
                Proc.text(Proc.setting("net.ipv4.ip_local_port_range"))
                        .flatMap(PortRange::parse)
                        .map(PortRange::size)
                        .orElse(0));
    }

    /// What the relays need, beside what there is.
    ///
    /// @param warnings get what does not suffice, with the way out
    List<String> needs(Demand demand, List<String> warnings) {
        int relays = demand.relays();
        long queueBytes = demand.queueBytes();
        List<String> needs = new ArrayList<>();
        Needs relaysNeed = new Needs(relays);
        long files = relaysNeed.fds();
        needs.add("open files: about " + files + " when all relays are busy; this process may have " + shown(filesMax)
                + ", any process " + shown(kernelFilesMax));
        if (filesMax > 0 && filesMax < files) {
            warnings.add("open files: " + filesMax + " are few for " + relays + " busy relays; set LimitNOFILE=" + files
                    + " (ulimit -n), at least");
        }
        if (kernelFilesMax > 0 && kernelFilesMax < files) {
            warnings.add("open files: the kernel gives a process " + kernelFilesMax + " at most; set sysctl fs.nr_open="
                    + files);
        }
        if (queueBytes > 0) {
            long bytes = queueBytes + relaysNeed.idleBytes();
            needs.add("memory: about " + mebibytes(bytes) + " when all queues are full; available "
                    + (memoryBytes == 0 ? "unknown" : mebibytes(memoryBytes)));
            if (memoryBytes > 0 && memoryBytes < bytes) {
                warnings.add("memory: " + mebibytes(memoryBytes) + " are available and " + mebibytes(bytes)
                        + " may be needed; lower process.memory-in-queues-max");
            }
        }
        addConnections(relaysNeed, needs, warnings);
        addExits(demand, needs, warnings);
        return needs;
    }

    /// Where the kernel follows no connections, none of them is missing.
    private void addConnections(Needs relaysNeed, List<String> needs, List<String> warnings) {
        if (connectionsMax == 0) {
            return;
        }
        needs.add("connections that the kernel follows: about " + relaysNeed.connections()
                + " when all relays are busy; its table has room for " + connectionsMax);
        if (connectionsMax < relaysNeed.connectionTable()) {
            warnings.add("connections: the kernel's table is small; notrack for ORPorts and exit traffic, or sysctl"
                    + " net.netfilter.nf_conntrack_max=" + relaysNeed.connectionTable());
        }
    }

    private void addExits(Demand demand, List<String> needs, List<String> warnings) {
        if (demand.exits() == 0) {
            return;
        }
        long ports = Needs.ports(demand.exitsOnAddress());
        needs.add("local ports: about " + ports + " of the exit address that most relays share ("
                + demand.exitsOnAddress() + "); each address has " + shown(portsPerAddress));
        if (portsPerAddress > 0 && portsPerAddress < ports) {
            warnings.add("local ports: " + portsPerAddress + " are few for " + demand.exitsOnAddress()
                    + " busy exits on one address; set sysctl net.ipv4.ip_local_port_range=\"15000 64000\", or let"
                    + " fewer relays share an exit address");
        }
        needs.add("DNS: about " + Needs.dnsQuestions(demand.exits())
                + " questions a second on average, and more in bursts; what the resolver can answer is for you to"
                + " know");
    }

    private static String shown(long value) {
        return value == 0 ? "an unknown number" : Long.toString(value);
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    private static long number(Pattern pattern, Path file) {
        Matcher matcher = pattern.matcher(Proc.text(file).orElse(""));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
