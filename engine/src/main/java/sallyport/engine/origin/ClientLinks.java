package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.Supplier;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.cell.CellPool;
import sallyport.engine.cell.DestroyReason;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.link.LinkSettings;
import sallyport.engine.link.Links;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.netdoc.RelayIndex;
import sallyport.engine.world.World;

/// A client's links to its guards, and the door through which its circuits are opened. A link of a client
/// proves no identity (tor-spec "Negotiating and initializing connections"). Every method runs on the
/// loop, unless it says otherwise.
public final class ClientLinks {
    // As C tor's circuits: with nobody's measurements to go by, a minute to be built.
    private static final int BUILD_LIMIT_SECONDS = 60;

    private final World world;
    private final EventLoop loop;
    private final Links links;
    private final InstanceLimits limits;
    private final FaultCounters faults;
    private final Supplier<NetworkParameters> parameters;

    /// From any thread; may take half a second.
    ///
    /// @param name for the log
    /// @param pool the loop's cells
    /// @param keys any: links want some, and no peer sees them
    /// @param relays asked which peers the consensus lists
    /// @param faults counts what relays do wrong
    public ClientLinks(
            String name,
            World world,
            EventLoop loop,
            CellPool pool,
            RelayKeys keys,
            Supplier<NetworkParameters> parameters,
            Supplier<RelayIndex> relays,
            InstanceLimits limits,
            FaultCounters faults) {
        this.world = world;
        this.loop = loop;
        this.limits = limits;
        this.faults = faults;
        this.parameters = parameters;
        LinkSettings settings = new LinkSettings(
                name,
                keys.identity(),
                keys::linkCredentials,
                List.of(),
                SourceAddresses.NONE,
                relays,
                parameters,
                faults,
                new RelayStatistics(world, new BandwidthHistory(), RelayStatistics.PERIOD),
                limits,
                _ -> {},
                false);
        this.links = new Links(settings, world, loop, pool, (link, create) -> {
            link.sendDestroy(create.circuitId(), DestroyReason.TORPROTOCOL);
            create.release();
            faults.count("CREATE toward a client");
        });
    }

    /// Builds a circuit. The listener hears how that ends, perhaps before this returns.
    ///
    /// @param path at least one hop, each with its onion key
    /// @return false where the process has as many circuits as it may: the listener hears nothing
    public boolean open(List<Hop> path, ClientCircuit.Listener listener) {
        if (!limits.circuits().tryAcquire()) {
            return false;
        }
        ClientCircuit circuit = new ClientCircuit(
                world, loop, parameters, faults, () -> limits.circuits().release(), listener);
        OriginCircuit.open(world, loop, links::dial, path, BUILD_LIMIT_SECONDS, circuit.user());
        return true;
    }

    /// A way to directory servers over these links. From any thread.
    public DirectoryTunnel directoryTunnel() {
        return new DirectoryTunnel(world, loop, links);
    }

    /// Ends every circuit and link.
    public void close() {
        links.close();
        limits.retire();
    }
}
