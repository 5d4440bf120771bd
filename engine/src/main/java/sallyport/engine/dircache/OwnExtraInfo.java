package sallyport.engine.dircache;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The extra-info document of the relay that is asked: as a C tor relay without `DownloadExtraInfo`, we
/// have no others.
final class OwnExtraInfo implements DescriptorSource {
    private final InstantSource clock;
    private final Supplier<@Nullable OwnDocuments> own;

    /// @param own what the relay that is asked says of itself; null before it published
    OwnExtraInfo(InstantSource clock, Supplier<@Nullable OwnDocuments> own) {
        this.clock = clock;
        this.own = own;
    }

    @Override
    public List<byte[]> all() {
        return List.of();
    }

    @Override
    public byte @Nullable [] own() {
        OwnDocuments ours = own.get();
        return ours == null ? null : ours.extraInfo();
    }

    @Override
    public byte @Nullable [] byDigest(byte[] digest) {
        return null;
    }

    @Override
    public byte @Nullable [] byFingerprint(byte[] fingerprint) {
        OwnDocuments ours = own.get();
        return ours != null
                        && Arrays.equals(ours.rsaDigest(), fingerprint)
                        && CachedDescriptors.isRecent(ours.published(), clock)
                ? ours.extraInfo()
                : null;
    }
}
