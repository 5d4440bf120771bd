package sallyport.engine.stream;

import io.netty.channel.EventLoop;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.dns.ResolverShare;
import sallyport.engine.exit.ExitDialer;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.World;

/// What the streams of one circuit need to know about their surroundings.
///
/// @param memory counts what streams hold
/// @param previousHop asked when a stream is opened
/// @param directory serves BEGIN_DIR; null: refused with NOTDIRECTORY
/// @param hibernating whether no new streams are accepted
public record StreamContext(
        World world,
        EventLoop loop,
        Supplier<ExitSettings> exit,
        ResolverShare resolver,
        ExitDialer dialer,
        Supplier<RelayIndex> relays,
        Supplier<NetworkParameters> parameters,
        FaultCounters faults,
        MemoryAccount memory,
        PreviousHop previousHop,
        @Nullable DirRequestHandler directory,
        BooleanSupplier hibernating) {
    /// Who opens directory streams here.
    DirClient dirClient() {
        return new DirClient(previousHop.isClient(), previousHop.address());
    }
}
