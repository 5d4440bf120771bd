package sallyport.engine.circuit;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.dns.Resolver;
import sallyport.engine.exit.ExitDialer;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.identity.OnionKeys;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.link.ReachabilityListener;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.stream.DirRequestHandler;

/// What the circuits of one instance need to know of it. Suppliers answer at once and are asked on the loop, except
/// `onionKeys`, which workers ask.
///
/// @param relay our id, for the log
/// @param extendAllowPrivate whether clients may extend to private addresses (`ExtendAllowPrivateAddresses`)
/// @param limits what circuits and their streams may hold
/// @param directory serves BEGIN_DIR; null: refused
public record CircuitSettings(
        String relay,
        RelayIdentity identity,
        Supplier<OnionKeys> onionKeys,
        Supplier<NetworkParameters> parameters,
        Supplier<RelayIndex> relays,
        boolean extendAllowPrivate,
        Supplier<ExitSettings> exit,
        Resolver resolver,
        ExitDialer dialer,
        @Nullable DirRequestHandler directory,
        FaultCounters faults,
        RelayStatistics statistics,
        InstanceLimits limits,
        ReachabilityListener reachability) {}
