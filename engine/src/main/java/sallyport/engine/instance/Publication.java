package sallyport.engine.instance;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.RelayStatistics;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.address.SourceAddresses;
import sallyport.engine.descriptor.DescriptorPublisher;
import sallyport.engine.descriptor.DescriptorSpec;
import sallyport.engine.descriptor.ServerDescriptor;
import sallyport.engine.dircache.OwnDocuments;
import sallyport.engine.directory.DirectoryUploader;
import sallyport.engine.directory.EitherDirectoryTransport;
import sallyport.engine.directory.HttpDirectoryTransport;
import sallyport.engine.directory.TunnelDirectoryTransport;
import sallyport.engine.exit.ExitSettings;
import sallyport.engine.identity.RelayKeys;
import sallyport.engine.limits.InstanceLimits;
import sallyport.engine.netdoc.NetworkParameters;
import sallyport.engine.origin.DirectoryTunnel;
import sallyport.engine.world.World;

/// What one relay says of itself, to the authorities and to whoever asks it.
final class Publication {
    private final World world;
    private final RelayKeys keys;
    private final Now now;
    private final Reachability reachability;
    private final InstanceLimits limits;
    private final DescriptorPublisher publisher;
    private final Supplier<NetworkParameters> parameters;

    /// What the relay is at the moment; asked each time, by any thread.
    ///
    /// @param sleeps whether it hibernates
    record Now(Supplier<InstanceSpec> spec, Supplier<ExitSettings> exit, BooleanSupplier sleeps, OwnFamily family) {}

    /// @param tunnel the way to authorities that are reached over links alone
    Publication(
            Surroundings around,
            RelayKeys keys,
            DirectoryTunnel tunnel,
            RelayStatistics statistics,
            InstanceLimits limits,
            Reachability reachability,
            Now now) {
        this.world = around.world();
        this.keys = keys;
        this.now = now;
        this.reachability = reachability;
        this.limits = limits;
        this.parameters = around.directory()::parameters;
        DirectoryUploader uploader = around.uploader()
                .over(new EitherDirectoryTransport(
                        world,
                        new HttpDirectoryTransport(world),
                        new TunnelDirectoryTransport(world, around.directory()::index, () -> tunnel)));
        this.publisher = new DescriptorPublisher(
                world,
                now.spec().get().id(),
                keys,
                this::descriptorSpec,
                statistics,
                limits.overload(),
                around.directory(),
                (body, reason, to) -> {
                    InstanceSpec spec = now.spec().get();
                    // An authority's DirPort has an IPv4 address.
                    return spec.publishing().publishes()
                            ? uploader.upload(
                                    body,
                                    reason,
                                    SourceAddresses.of(spec.outboundOr()).ipv4(),
                                    to)
                            : List.of();
                },
                around.testing());
        reachability.whenShown(publisher::reachable);
        follow(PublishingSpec.ORDINARY, now.spec().get().publishing());
    }

    DescriptorPublisher publisher() {
        return publisher;
    }

    /// The documents that clients may ask the relay itself for; null before there are any.
    @Nullable
    OwnDocuments documents() {
        ServerDescriptor current = publisher.current();
        return current == null
                ? null
                : new OwnDocuments(
                        keys.identity().rsaDigest(), current.descriptor(), current.extraInfo(), current.published());
    }

    /// The configuration may have changed whether it is published, and after what proof.
    void follow(PublishingSpec before, PublishingSpec wanted) {
        reachability.assume(wanted.assumesReachable());
        if (before.publishes() && !wanted.publishes()) {
            world.log()
                    .info(
                            now.spec().get().id(),
                            "not published: the configuration keeps its descriptor from the authorities");
        }
    }

    private DescriptorSpec descriptorSpec() {
        InstanceSpec spec = now.spec().get();
        RelayAddress ipv6 = spec.orAddresses().stream()
                .filter(RelayAddress::isIpv6)
                .findFirst()
                .orElse(null);
        return new DescriptorSpec(
                spec.nickname(),
                spec.orAddresses().getFirst(),
                ipv6,
                spec.contact(),
                now.exit().get().policy(),
                now.family().declared(spec.family(), keys.identity().fingerprint(), parameters.get()),
                now.family().keys(),
                limits.bandwidth().promised(spec.bandwidth()),
                now.sleeps().getAsBoolean(),
                spec.servesDirectory()
                        && !spec.accounting()
                                .forbidsDirectoryCache(
                                        limits.bandwidth()
                                                .promised(spec.bandwidth())
                                                .advertised()
                                                .bytesPerSecond(),
                                        world.clock().instant()),
                spec.publishing().dirPort());
    }
}
