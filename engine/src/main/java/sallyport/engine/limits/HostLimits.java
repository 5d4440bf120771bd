package sallyport.engine.limits;

import io.netty.channel.EventLoop;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.Overload;
import sallyport.engine.accounting.Tally;
import sallyport.engine.world.Resources;
import sallyport.engine.world.World;

/// What the process has, for all of its instances. Thread-safe.
///
/// @param memory what may wait in queues
/// @param fds sockets of links and streams
/// @param circuits open circuits
/// @param bandwidth how fast all may be together
public record HostLimits(MemoryBudget memory, CountBudget fds, CountBudget circuits, BandwidthBudget bandwidth) {
    static final String NO_FD = "no FD left for a link or stream";
    static final String NO_CIRCUIT = "CREATE beyond the circuits of the process";

    // Ours: cells live on the heap, bytes of streams and links beside it, and either may be all of it. What is left is
    // for documents, circuits, TLS and the collector's freedom to move. C tor takes 40 % of a big machine's memory.
    private static final int MEMORY_DEFAULT_PERCENT = 40;
    // Ours: above that the JVM would run out of memory before the limit helps.
    private static final int MEMORY_PERCENT_MAX = 75;
    // C tor refuses no less than 64 MB; one link's bursts need some of it.
    private static final long MEMORY_BYTES_MIN = 16L << 20;
    // C tor's largest default.
    private static final long MEMORY_DEFAULT_BYTES_MAX = 8L << 30;

    // Ours: log, lock, jars, loops and their timers, listeners, DNS sockets, keys and documents being written, fetches
    // and uploads of descriptors to every authority.
    private static final int FDS_RESERVED = 256;

    // Ours: objects, ciphers and digests of a circuit, measured generously. They may take a quarter of the heap.
    private static final int CIRCUIT_BYTES = 8 * 1024;
    private static final int CIRCUITS_HEAP_DIVISOR = 4;

    /// For this machine.
    ///
    /// @param memoryBytes what the operator wants to allow in queues; 0: derived from what the JVM may take
    public static HostLimits of(World world, long memoryBytes) {
        Resources has = world.resources();
        return new HostLimits(
                new MemoryBudget(world, memoryLimit(has, memoryBytes)),
                new CountBudget(usableFds(has.fdsMax()), NO_FD),
                new CountBudget(circuits(has.heapBytesMax()), NO_CIRCUIT),
                new BandwidthBudget(world));
    }

    /// What an instance may hold from now on. To be given back with [InstanceLimits#retire].
    ///
    /// @param relay our id, for the log
    public InstanceLimits open(String relay, EventLoop loop, FaultCounters faults) {
        Overload overload = new Overload(memory.world());
        return new InstanceLimits(
                memory.open(relay, loop, faults, overload),
                fds.open(faults, overload::fdsExhausted),
                circuits.open(faults, () -> {}),
                new RelayBandwidth(
                        bandwidth,
                        loop,
                        () -> {
                            overload.readLimit();
                            faults.tallies().count(Tally.READ_LIMIT_REACHED);
                        },
                        () -> {
                            overload.writeLimit();
                            faults.tallies().count(Tally.WRITE_LIMIT_REACHED);
                        }),
                new Newcomers(memory.world()),
                overload);
    }

    /// Shares so from now on; from control tasks.
    public void follow(Sharing sharing) {
        bandwidth.follow(sharing.bandwidth());
        memory.follow(sharing.shedding());
    }

    static long memoryLimit(Resources has, long wantedBytes) {
        long available = Math.min(has.heapBytesMax(), has.directBytesMax());
        long most = Math.max(MEMORY_BYTES_MIN, available / 100 * MEMORY_PERCENT_MAX);
        if (wantedBytes == 0) {
            long derived = available / 100 * MEMORY_DEFAULT_PERCENT;
            return Math.clamp(derived, MEMORY_BYTES_MIN, MEMORY_DEFAULT_BYTES_MAX);
        }
        return Math.clamp(wantedBytes, MEMORY_BYTES_MIN, most);
    }

    /// A small limit leaves at least half.
    static int usableFds(long fdsMax) {
        long bounded = Math.min(fdsMax, Integer.MAX_VALUE);
        return (int) Math.max(bounded / 2, bounded - FDS_RESERVED);
    }

    private static int circuits(long heapBytesMax) {
        return (int) Math.min(Integer.MAX_VALUE, heapBytesMax / CIRCUITS_HEAP_DIVISOR / CIRCUIT_BYTES);
    }
}
