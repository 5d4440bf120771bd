package sallyport.engine.instance;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.BandwidthHistory;
import sallyport.engine.accounting.FaultCounters;
import sallyport.engine.descriptor.PublisherStatus;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.RouterStatus;

/// Puts together what is reported of one relay.
final class Reporting {
    private Reporting() {}

    /// What does not depend on the loop.
    ///
    /// @param started when this run began
    /// @param running null while it is not
    static InstanceReport withoutLoad(
            Surroundings around,
            InstanceSpec spec,
            InstanceStatus status,
            Instant started,
            FaultCounters faults,
            @Nullable Instant overloaded,
            @Nullable Running running) {
        RelayKeys keys = running == null ? null : running.keys();
        PublisherStatus publisher = running == null ? null : running.publisher().status();
        return new InstanceReport(
                status,
                started,
                spec.orAddresses(),
                Optional.empty(),
                publisher == null
                        ? InstanceReport.Publishing.NONE
                        : new InstanceReport.Publishing(
                                Optional.ofNullable(publisher.published()),
                                publisher.accepted(),
                                publisher.authorities()),
                keys == null ? Optional.empty() : listing(around, keys),
                Optional.ofNullable(running).map(Running::listing).map(ListingKeeper::seen),
                Optional.ofNullable(overloaded),
                Optional.ofNullable(keys).map(RelayKeys::signingKeyExpires),
                faults.ownBugs(),
                faults.tallies().snapshot());
    }

    /// Asks the loop for what it carries; after `limit` it goes without.
    static CompletableFuture<InstanceReport> withLoad(
            InstanceReport report, EventLoop loop, DataPlane plane, BandwidthHistory bytes, Duration limit) {
        CompletableFuture<InstanceReport> full = new CompletableFuture<>();
        try {
            loop.execute(() -> full.complete(report.with(load(plane.counts(), bytes.totals()))));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(report);
        }
        return full.completeOnTimeout(report, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static InstanceReport.Load load(Counts counts, BandwidthHistory.Totals bytes) {
        return new InstanceReport.Load(
                counts.links(),
                counts.circuits(),
                counts.streams(),
                counts.exitConnections(),
                counts.connections(),
                counts.fds(),
                bytes.read(),
                bytes.written(),
                counts.bytes(),
                counts.shares());
    }

    private static Optional<InstanceReport.Listing> listing(Surroundings around, RelayKeys keys) {
        Instant now = around.world().clock().instant();
        Optional<Consensus> live = around.directory().consensus().filter(consensus -> consensus.isLive(now));
        return live.map(consensus -> {
            RouterStatus listed = consensus.relay(keys.identity().rsaDigest());
            return listed == null
                    ? InstanceReport.Listing.NONE
                    : new InstanceReport.Listing(new TreeSet<>(listed.flags()), listed.bandwidthKb());
        });
    }
}
