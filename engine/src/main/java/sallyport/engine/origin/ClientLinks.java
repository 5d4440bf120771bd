package sallyport.engine.origin;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.RelayAddress;
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
    private final CellPool pool;
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
        this(name, world, loop, pool, keys, parameters, relays, limits, faults, LinksMaker.OVER_TLS);
    }

    /// With links of another kind.
    public ClientLinks(
            String name,
            World world,
            EventLoop loop,
            CellPool pool,
            RelayKeys keys,
            Supplier<NetworkParameters> parameters,
            Supplier<RelayIndex> relays,
            InstanceLimits limits,
            FaultCounters faults,
            LinksMaker maker) {
        this.world = world;
        this.loop = loop;
        this.pool = pool;
        this.limits = limits;
        this.faults = faults;
        this.parameters = parameters;
        this.links = open(name, world, loop, pool, keys, List.of(), parameters, relays, limits, faults, maker);
    }

    /// Links of somebody who proves no identity and takes no circuits.
    ///
    /// @param ours where we may be said to be
    static Links open(
            String name,
            World world,
            EventLoop loop,
            CellPool pool,
            RelayKeys keys,
            List<RelayAddress> ours,
            Supplier<NetworkParameters> parameters,
            Supplier<RelayIndex> relays,
            InstanceLimits limits,
            FaultCounters faults,
            LinksMaker maker) {
        LinkSettings settings = new LinkSettings(
                name,
                keys.identity(),
                keys::linkCredentials,
                ours,
                SourceAddresses.NONE,
                relays,
                parameters,
                faults,
                new RelayStatistics(world, new BandwidthHistory(), RelayStatistics.PERIOD),
                limits,
                _ -> {},
                false);
        return maker.make(settings, world, loop, pool, (link, create) -> {
            link.sendDestroy(create.circuitId(), DestroyReason.TORPROTOCOL);
            create.release();
            faults.count("CREATE toward a client");
        });
    }

    /// Builds a circuit. The listener hears how that ends, perhaps before this returns.
    ///
    /// @param path at least one hop, each with its onion key
    /// @return false where the process has as many circuits as it may: the listener hears nothing
    public boolean open(List<Hop> path, PathListener listener) {
        return open(path, null, listener);
    }

    /// A conflux set that has no leg yet.
    ///
    /// @param whenOver runs once, when it is over and its streams have heard of it
    public ClientSet set(Runnable whenOver) {
        return new ClientSet(world, loop, pool, limits.memory(), parameters.get(), whenOver);
    }

    /// Builds a circuit and links it to the set. The listener hears how that ends, perhaps before this
    /// returns: it is built when the exit has linked it, and streams are opened on the set.
    ///
    /// @param path to the exit of all its legs, which is asked for congestion control
    /// @return false where the process has as many circuits as it may: the listener hears nothing
    public boolean openLeg(ClientSet set, List<Hop> path, PathListener listener) {
        return open(path, set, listener);
    }

    private boolean open(List<Hop> path, @Nullable ClientSet set, PathListener listener) {
        if (!limits.circuits().tryAcquire()) {
            return false;
        }
        ClientCircuit circuit = new ClientCircuit(
                world, loop, parameters, faults, set, () -> limits.circuits().release(), listener);
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
