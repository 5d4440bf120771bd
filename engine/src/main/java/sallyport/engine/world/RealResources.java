package sallyport.engine.world;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// What the JVM says of its own limits.
final class RealResources {
    // POSIX promises 20; no system we know of starts with less than this.
    private static final long FDS_UNKNOWN = 256;

    private RealResources() {}

    static Resources read() {
        long heap = Runtime.getRuntime().maxMemory();
        return new Resources(heap, directBytesMax(heap), fdsMax());
    }

    /// Without -XX:MaxDirectMemorySize the JVM allows as much as for the heap.
    private static long directBytesMax(long heap) {
        HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long stated = Long.parseLong(vm.getVMOption("MaxDirectMemorySize").getValue());
        return stated == 0 ? heap : stated;
    }

    private static long fdsMax() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : FDS_UNKNOWN;
    }
}
