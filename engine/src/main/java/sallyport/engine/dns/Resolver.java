package sallyport.engine.dns;

import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.world.World;

/// Finds addresses for names, for one instance. Everything runs on the instance's loop.
public final class Resolver {
    private final World world;
    private final EventLoop loop;
    private final Supplier<ResolverSettings> settings;
    private final FaultCounters faults;

    public Resolver(World world, EventLoop loop, Supplier<ResolverSettings> settings, FaultCounters faults) {
        this.world = world;
        this.loop = loop;
        this.settings = settings;
        this.faults = faults;
    }

    /// Fails whoever waits, closes the sockets and forgets the cache.
    public void close() {
        assert loop.inEventLoop();
    }

    @Override
    public String toString() {
        return "Resolver with " + settings.get().servers().size() + " servers, " + faults + world;
    }
}
