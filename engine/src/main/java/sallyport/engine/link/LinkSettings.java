package sallyport.engine.link;

import java.util.List;
import java.util.function.Supplier;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.identity.LinkCredentials;
import sallyport.engine.identity.RelayIdentity;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;

/// What the links of one instance need to know of it. Suppliers answer at once and are asked on the loop.
///
/// @param relay our id, for the log
/// @param credentials the current link key with its certificates; a new key has a new alias
/// @param publishedAddresses our ORPorts as the descriptor names them, until [Links#moveTo]
/// @param outbound where dialed links leave from
/// @param faults counts what peers do wrong
/// @param statistics counts the bytes of links, TLS included, and their cells
/// @param limits what links may hold
/// @param authenticates whether dialed links prove our identity; a client's do not, and theirs is told to
/// nobody
public record LinkSettings(
        String relay,
        RelayIdentity identity,
        Supplier<LinkCredentials> credentials,
        List<RelayAddress> publishedAddresses,
        SourceAddresses outbound,
        Supplier<RelayIndex> relays,
        Supplier<NetworkParameters> parameters,
        FaultCounters faults,
        RelayStatistics statistics,
        InstanceLimits limits,
        ReachabilityListener reachability,
        boolean authenticates) {
    /// Of a relay.
    public LinkSettings(
            String relay,
            RelayIdentity identity,
            Supplier<LinkCredentials> credentials,
            List<RelayAddress> publishedAddresses,
            SourceAddresses outbound,
            Supplier<RelayIndex> relays,
            Supplier<NetworkParameters> parameters,
            FaultCounters faults,
            RelayStatistics statistics,
            InstanceLimits limits,
            ReachabilityListener reachability) {
        this(
                relay,
                identity,
                credentials,
                publishedAddresses,
                outbound,
                relays,
                parameters,
                faults,
                statistics,
                limits,
                reachability,
                true);
    }
}
