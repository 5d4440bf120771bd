package sallyport.engine.dircache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.directory.DirectoryDocuments.Descriptor;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.RouterStatus;

/// Descriptors of the relays that the consensus lists, and the own one of the relay that is asked.
final class CachedDescriptors implements DescriptorSource {
    // As C tor (ROUTER_MAX_AGE_TO_PUBLISH): who asks by fingerprint wants what still holds.
    private static final Duration AGE_MAX = Duration.ofHours(24);

    private final InstantSource clock;
    private final DirectoryStore directory;
    private final Supplier<@Nullable OwnDocuments> own;

    /// @param own what the relay that is asked says of itself; null before it published
    CachedDescriptors(InstantSource clock, DirectoryStore directory, Supplier<@Nullable OwnDocuments> own) {
        this.clock = clock;
        this.directory = directory;
        this.own = own;
    }

    @Override
    public List<byte[]> all() {
        List<byte[]> texts = new ArrayList<>();
        for (RouterStatus relay :
                directory.consensus(Flavor.NS).map(Consensus::relays).orElse(List.of())) {
            Descriptor held = descriptor(relay.documentDigest());
            if (held != null && isRecent(held.published(), clock)) {
                texts.add(held.text());
            }
        }
        return texts;
    }

    @Override
    public byte @Nullable [] own() {
        OwnDocuments ours = own.get();
        return ours == null ? null : ours.descriptor();
    }

    @Override
    public byte @Nullable [] byDigest(byte[] digest) {
        Descriptor held = descriptor(digest);
        return held == null ? null : held.text();
    }

    @Override
    public byte @Nullable [] byFingerprint(byte[] fingerprint) {
        OwnDocuments ours = own.get();
        if (ours != null && Arrays.equals(ours.rsaDigest(), fingerprint)) {
            return isRecent(ours.published(), clock) ? ours.descriptor() : null;
        }
        RouterStatus listed = directory
                .consensus(Flavor.NS)
                .map(consensus -> consensus.relay(fingerprint))
                .orElse(null);
        Descriptor held = listed == null ? null : descriptor(listed.documentDigest());
        return held == null || !isRecent(held.published(), clock) ? null : held.text();
    }

    private @Nullable Descriptor descriptor(byte @Nullable [] digest) {
        return digest == null ? null : directory.documents().descriptor(digest);
    }

    static boolean isRecent(Instant published, InstantSource clock) {
        return !published.isBefore(clock.instant().minus(AGE_MAX));
    }
}
