package sallyport.engine.limits;

import io.netty.channel.EventLoop;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.world.World;

/// Limits for tests.
public final class TestLimits {
    private static final int COUNT = 1 << 24;

    private TestLimits() {}

    /// More than any test holds.
    public static HostLimits plenty(World world) {
        return of(world, Long.MAX_VALUE, COUNT, COUNT);
    }

    /// One instance alone, and more than any test holds.
    public static InstanceLimits plenty(World world, EventLoop loop) {
        return plenty(world).open("test", loop, new FaultCounters());
    }

    public static HostLimits of(World world, long memoryBytes, int fds, int circuits) {
        return new HostLimits(
                new MemoryBudget(world, memoryBytes),
                new CountBudget(fds, HostLimits.NO_FD),
                new CountBudget(circuits, HostLimits.NO_CIRCUIT),
                new BandwidthBudget(world));
    }
}
