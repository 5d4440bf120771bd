package sallyport.supervisor.budget;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What this machine lets a process have. What is not known is 0, and counts as enough.
///
/// @param filesMax how many files the process may open at most (RLIMIT_NOFILE, the hard one)
/// @param kernelFilesMax how many the kernel lets any process open (`fs.nr_open`)
/// @param memoryBytes what it could have without swapping, what it has already among it
/// @param connectionsMax entries of the kernel's table of connections; 0 also where there is none
/// @param portsPerAddress local ports that connections of one source address may have
public record Limits(long filesMax, long kernelFilesMax, long memoryBytes, long connectionsMax, long portsPerAddress) {
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,18})");
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+([0-9]{1,15}) kB");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]{1,15}) kB");

    /// As a process finds it.
    ///
    /// @param pid of the process that runs the relays, or of the calling one
    public static Limits here(long pid) {
        return new Limits(
                Proc.openFilesMax(pid).orElse(0),
                number(NUMBER, Proc.setting("fs.nr_open")),
                memory(pid),
                number(NUMBER, Proc.setting("net.netfilter.nf_conntrack_max")),
                Proc.text(Proc.setting("net.ipv4.ip_local_port_range"))
                        .flatMap(PortRange::parse)
                        .map(PortRange::size)
                        .orElse(0));
    }

    public boolean hasFiles(Needs needs) {
        return filesMax == 0 || filesMax >= needs.fds();
    }

    public boolean kernelHasFiles(Needs needs) {
        return kernelFilesMax == 0 || kernelFilesMax >= needs.fds();
    }

    public boolean hasConnections(Needs needs) {
        return connectionsMax == 0 || connectionsMax >= needs.connectionTable();
    }

    public boolean hasMemory(long bytes) {
        return memoryBytes == 0 || memoryBytes >= bytes;
    }

    /// Of one source address.
    public boolean hasPorts(long ports) {
        return portsPerAddress == 0 || portsPerAddress >= ports;
    }

    /// What is free and what the process has, and no more than the control group may have.
    private static long memory(long pid) {
        long free = number(AVAILABLE, Path.of("/proc/meminfo")) << 10;
        if (free == 0) {
            return 0;
        }
        long all = free + (number(RESIDENT, Path.of("/proc", Long.toString(pid), "status")) << 10);
        long most = machineMemory();
        return most == 0 ? all : Math.min(all, most);
    }

    /// All that the machine has, or the control group: more will never be there. 0 when it is not known.
    public static long machineMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    private static long number(Pattern pattern, Path file) {
        Matcher matcher = pattern.matcher(Proc.text(file).orElse(""));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
