package sallyport.engine.instance;

import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.descriptor.DescriptorPublisher;
import sallyport.engine.dircache.OwnDocuments;
import sallyport.engine.identity.KeyFileException;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.origin.DirectoryTunnel;
import sallyport.engine.world.World;

/// What a relay has once its keys are there.
record Running(
        RelayKeys keys,
        HistoryKeeper history,
        ListingKeeper listing,
        StatisticsKeeper statistics,
        Hibernation hibernation,
        DataPlane plane,
        DirectoryTunnel tunnel,
        Publication publication,
        Reconfiguration reconfiguration) {
    /// What it has from its beginning.
    record Beginnings(
            Surroundings around,
            FaultCounters faults,
            RelayStatistics statistics,
            InstanceLimits limits,
            Reachability reachability) {}

    /// Wires it, with what was counted before the last stop. Nothing listens yet.
    ///
    /// @param now what the relay is at the moment; its id, addresses and sources are those of this moment
    /// @param documents what clients may ask it for itself
    static Running wire(
            Beginnings from, RelayKeys keys, Publication.Now now, Supplier<@Nullable OwnDocuments> documents)
            throws KeyFileException, IOException {
        Surroundings around = from.around();
        World world = around.world();
        InstanceSpec spec = now.spec().get();
        RelayStatistics statistics = from.statistics();
        HistoryKeeper history = new HistoryKeeper(world, around.loop(), spec.id(), statistics.bandwidth(), keys);
        history.restore();
        StatisticsKeeper statisticsKeeper = new StatisticsKeeper(world, around.loop(), spec.id(), statistics);
        statisticsKeeper.restore();
        ListingKeeper listing = new ListingKeeper(world.log(), spec.id(), keys);
        listing.restore();
        DataPlane plane = plane(from, keys, now, documents);
        DirectoryTunnel tunnel = new DirectoryTunnel(world, around.loop(), plane.links());
        return new Running(
                keys,
                history,
                listing,
                statisticsKeeper,
                new Hibernation(world, spec.id(), statistics.bandwidth(), keys),
                plane,
                tunnel,
                new Publication(around, keys, tunnel, statistics, from.limits(), from.reachability(), now),
                new Reconfiguration(world, around.loop(), keys, now.family(), plane.links()));
    }

    private static DataPlane plane(
            Beginnings from, RelayKeys keys, Publication.Now now, Supplier<@Nullable OwnDocuments> documents) {
        Surroundings around = from.around();
        InstanceSpec spec = now.spec().get();
        NameServers servers = around.nameServers();
        return new DataPlane(
                new DataPlane.Parts(
                        spec.id(),
                        keys,
                        spec.orAddresses(),
                        SourceAddresses.of(spec.outboundOr()),
                        around.directory()::parameters,
                        around.directory()::index,
                        around.testing(),
                        now.exit(),
                        () -> servers.settings(now.exit().get().ipv6Exit()),
                        servers.trust(),
                        from.faults(),
                        from.statistics(),
                        from.limits(),
                        from.reachability(),
                        around.cache().routes(documents),
                        () -> now.spec().get().servesDirectory()),
                around.world(),
                around.loop(),
                around.pool(),
                around.links());
    }

    DescriptorPublisher publisher() {
        return publication.publisher();
    }
}
