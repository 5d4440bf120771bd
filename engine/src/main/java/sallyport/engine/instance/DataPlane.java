package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.circuit.CircuitSettings;
import sallyport.engine.circuit.Circuits;
import sallyport.engine.dirserver.DirRoutes;
import sallyport.engine.dirserver.DirServer;
import sallyport.engine.dns.DnsTrust;
import sallyport.engine.dns.Resolver;
import sallyport.engine.dns.ResolverSettings;
import sallyport.engine.exit.ExitDialer;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.link.LinkSettings;
import sallyport.engine.link.Links;
import sallyport.engine.link.ReachabilityListener;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.onionservice.DescriptorDirectory;
import sallyport.engine.origin.LinksMaker;
import sallyport.engine.stream.DirRequestHandler;
import sallyport.engine.world.World;

/// What carries the traffic of one relay, wired together: its links, its circuits, its resolver and the connections of
/// its exit. Made by any thread; lives on one loop, which is where [#closeAll] belongs.
public final class DataPlane {
    private final Parts parts;
    private final Resolver resolver;
    private final ExitDialer dialer;
    private final DescriptorDirectory onionDescriptors;
    private final Circuits circuits;
    private final Links links;
    private boolean ending;

    /// What makes one relay's data plane different from another's. Suppliers answer at once.
    ///
    /// @param relay our id, for the log
    /// @param orAddresses where others find it, as the descriptor says
    /// @param outbound where dialed links leave from
    /// @param testing whether clients may extend to private addresses
    /// @param trust how far the name servers are believed
    /// @param directory this relay's own: what is answered to directory requests, beside the descriptors of onion
    /// services; null: BEGIN_DIR is refused
    /// @param servesDirectory whether BEGIN_DIR is not refused just now
    public record Parts(
            String relay,
            RelayKeys keys,
            List<RelayAddress> orAddresses,
            SourceAddresses outbound,
            Supplier<NetworkParameters> parameters,
            Supplier<RelayIndex> relays,
            boolean testing,
            Supplier<ExitSettings> exit,
            Supplier<ResolverSettings> resolver,
            DnsTrust trust,
            FaultCounters faults,
            RelayStatistics statistics,
            InstanceLimits limits,
            ReachabilityListener reachability,
            @Nullable DirRoutes directory,
            BooleanSupplier servesDirectory) {}

    public DataPlane(Parts parts, World world, EventLoop loop, CellPool pool, LinksMaker maker) {
        this.parts = parts;
        resolver = new Resolver(
                world, loop, parts.relay, parts.resolver, parts.trust, parts.faults, parts.limits.memory());
        dialer = new ExitDialer(world, loop, parts.relay, parts.faults, parts.statistics, parts.limits);
        onionDescriptors = new DescriptorDirectory(
                world, loop, parts.relay, parts.parameters, parts.faults, parts.statistics, parts.limits.memory());
        circuits = new Circuits(circuitSettings(dirServer(world, loop)), world, loop, pool);
        links = maker.make(linkSettings(), world, loop, pool, circuits);
        circuits.useLinks(links);
    }

    private @Nullable DirRequestHandler dirServer(World world, EventLoop loop) {
        DirRoutes routes = parts.directory;
        if (routes == null) {
            return null;
        }
        onionDescriptors.addTo(routes);
        DirServer server = new DirServer(
                world,
                loop,
                parts.relay,
                parts.faults,
                parts.statistics,
                parts.limits.memory(),
                () -> parts.orAddresses,
                routes);
        return (client, events) -> parts.servesDirectory.getAsBoolean() ? server.open(client, events) : null;
    }

    private CircuitSettings circuitSettings(@Nullable DirRequestHandler directory) {
        return new CircuitSettings(
                parts.relay,
                parts.keys.identity(),
                parts.keys::onionKeys,
                parts.parameters,
                parts.relays,
                parts.testing,
                parts.exit,
                resolver,
                dialer,
                directory,
                parts.faults,
                parts.statistics,
                parts.limits,
                parts.reachability);
    }

    private LinkSettings linkSettings() {
        return new LinkSettings(
                parts.relay,
                parts.keys.identity(),
                parts.keys::linkCredentials,
                parts.orAddresses,
                parts.outbound,
                parts.relays,
                parts.parameters,
                parts.faults,
                parts.statistics,
                parts.limits,
                parts.reachability);
    }

    /// Accepts neither links nor circuits nor streams any more; what is open goes on.
    void acceptNothingNew() {
        links.stopListening();
        circuits.refuseNew(true);
    }

    /// The same for good: nothing wakes it up any more.
    void acceptNothingNewAnyMore() {
        ending = true;
        acceptNothingNew();
    }

    /// Ends every stream, circuit and link, until [#wakeUp].
    void fallAsleep() {
        circuits.closeAll(DestroyReason.HIBERNATING);
        links.fallAsleep();
    }

    /// Works again, once it listens.
    void wakeUp() {
        if (ending) {
            return;
        }
        links.wakeUp();
        circuits.refuseNew(false);
    }

    /// Ends every stream, circuit and link with the reason Tor has for it, and stops listening.
    public void closeAll() {
        circuits.closeAll(DestroyReason.HIBERNATING);
        links.close();
        resolver.close();
        onionDescriptors.close();
    }

    public Resolver resolver() {
        return resolver;
    }

    public ExitDialer dialer() {
        return dialer;
    }

    public Circuits circuits() {
        return circuits;
    }

    public Links links() {
        return links;
    }

    Counts counts() {
        return Counts.of(links, circuits, dialer, onionDescriptors, parts.limits);
    }
}
