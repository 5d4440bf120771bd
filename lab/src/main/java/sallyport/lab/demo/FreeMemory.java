package sallyport.lab.demo;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether this machine has the memory that a performance takes. Who runs out of it halfway is ended by
/// the system without a word.
final class FreeMemory {
    // Measured: our process 200, this one 300, a network of C tor 250, and what their start takes for a moment.
    private static final long NETWORK_MIB = 800;
    private static final long EXIT_MIB = 4;

    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: +(\\d+) kB$");
    private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal: +(\\d+) kB$");
    private static final int KIB_PER_MIB = 1024;
    private static final int MIB_SHIFT = 20;

    private FreeMemory() {}

    /// @throws IOException where there is too little, with the way out
    static void require(int exits) throws IOException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        require(
                exits,
                availableMebibytes(
                        Files.readString(MEMINFO),
                        system.getTotalMemorySize() >> MIB_SHIFT,
                        system.getFreeMemorySize() >> MIB_SHIFT));
    }

    static void require(int exits, long availableMebibytes) throws IOException {
        long needed = NETWORK_MIB + EXIT_MIB * exits;
        if (availableMebibytes < needed) {
            throw new IOException(
                    "too little memory: a private network with " + exits + (exits == 1 ? " exit" : " exits")
                            + " takes " + needed + " MiB, and " + availableMebibytes
                            + " are available; end other programs, or raise the container's limit");
        }
    }

    /// What may still be taken, of a container's limit where there is one.
    ///
    /// @param totalMebibytes that the JVM sees: less than the machine's in a container with a limit
    /// @param freeMebibytes of that
    static long availableMebibytes(String meminfo, long totalMebibytes, long freeMebibytes) throws IOException {
        long available = mebibytes(AVAILABLE, meminfo);
        return totalMebibytes < mebibytes(TOTAL, meminfo) ? Math.min(available, freeMebibytes) : available;
    }

    private static long mebibytes(Pattern line, String meminfo) throws IOException {
        Matcher matcher = line.matcher(meminfo);
        if (!matcher.find()) {
            throw new IOException(MEMINFO + " does not say how much memory there is; this lab needs Linux");
        }
        return Long.parseLong(matcher.group(1)) / KIB_PER_MIB;
    }
}
