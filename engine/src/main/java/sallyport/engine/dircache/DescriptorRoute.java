package sallyport.engine.dircache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.compress.Compression;
import sallyport.engine.directory.DirectoryDocuments.Descriptor;
import sallyport.engine.directory.DirectoryStore;
import sallyport.engine.dirserver.BytesBody;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.dirserver.DirRoute;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.RouterStatus;

/// `/tor/server/...` and `/tor/extra/...`: descriptors of relays, and extra-info documents. As a C tor relay without
/// `DownloadExtraInfo`, we have no extra-info but our own.
final class DescriptorRoute implements DirRoute {
    static final String SERVER = "/tor/server/";
    static final String EXTRA = "/tor/extra/";

    // As C tor (ROUTER_MAX_AGE_TO_PUBLISH): who asks by fingerprint wants what still holds.
    private static final Duration AGE_MAX = Duration.ofHours(24);
    private static final int ALL_CACHE_SECONDS = 60 * 60;
    private static final int ONE_CACHE_SECONDS = 48 * 60 * 60;
    private static final DirAnswer NONE_NAMED = new DirAnswer.Status(404, "Servers unavailable");

    private final InstantSource clock;
    private final DirectoryStore directory;
    private final Supplier<@Nullable OwnDocuments> own;
    private final boolean isExtra;

    /// @param own what the relay that is asked says of itself; null before it published
    DescriptorRoute(
            InstantSource clock, DirectoryStore directory, Supplier<@Nullable OwnDocuments> own, boolean isExtra) {
        this.clock = clock;
        this.directory = directory;
        this.own = own;
        this.isExtra = isExtra;
    }

    @Override
    public void handle(DirRequest request, Consumer<DirAnswer> reply) {
        reply.accept(answer(request));
    }

    private DirAnswer answer(DirRequest request) {
        String what = request.path().substring((isExtra ? EXTRA : SERVER).length());
        int named;
        List<byte[]> texts;
        if (what.equals("all")) {
            texts = all();
            named = texts.size();
        } else if (what.equals("authority")) {
            OwnDocuments ours = own.get();
            texts = ours == null ? List.of() : List.of(text(ours));
            named = texts.size();
        } else if (what.startsWith("d/")) {
            List<byte[]> digests = Resources.sha1s(what.substring("d/".length()));
            named = digests.size();
            texts = each(digests, this::byDigest);
        } else if (what.startsWith("fp/")) {
            List<byte[]> fingerprints = Resources.sha1s(what.substring("fp/".length()));
            named = fingerprints.size();
            texts = each(fingerprints, this::byFingerprint);
        } else {
            return DirAnswer.NOT_FOUND;
        }
        if (named == 0) {
            return NONE_NAMED;
        }
        if (texts.isEmpty()) {
            return DirAnswer.NOT_FOUND;
        }
        Compression encoding = Encodings.streamed(request.accepted());
        return new DirAnswer.Document(
                "text/plain",
                encoding,
                DirAnswer.LENGTH_UNKNOWN,
                what.startsWith("all") ? ALL_CACHE_SECONDS : named == 1 ? ONE_CACHE_SECONDS : 0,
                List.of(),
                CompressedBody.of(new BytesBody(texts), encoding));
    }

    private interface Lookup {
        byte @Nullable [] text(byte[] digest);
    }

    /// C tor sends them from the last digest to the first.
    private static List<byte[]> each(List<byte[]> digests, Lookup lookup) {
        List<byte[]> texts = new ArrayList<>();
        for (byte[] digest : digests.reversed()) {
            byte[] text = lookup.text(digest);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    private List<byte[]> all() {
        List<byte[]> texts = new ArrayList<>();
        if (!isExtra) {
            for (RouterStatus relay : listed()) {
                Descriptor held = descriptor(relay.documentDigest());
                if (held != null && isRecent(held.published())) {
                    texts.add(held.text());
                }
            }
        }
        return texts;
    }

    private byte @Nullable [] byDigest(byte[] digest) {
        Descriptor held = isExtra ? null : descriptor(digest);
        return held == null ? null : held.text();
    }

    private byte @Nullable [] byFingerprint(byte[] fingerprint) {
        OwnDocuments ours = own.get();
        if (ours != null && Arrays.equals(ours.rsaDigest(), fingerprint)) {
            return isRecent(ours.published()) ? text(ours) : null;
        }
        if (isExtra) {
            return null;
        }
        RouterStatus listed = directory
                .consensus(Flavor.NS)
                .map(consensus -> consensus.relay(fingerprint))
                .orElse(null);
        Descriptor held = listed == null ? null : descriptor(listed.documentDigest());
        return held == null || !isRecent(held.published()) ? null : held.text();
    }

    private List<RouterStatus> listed() {
        return directory.consensus(Flavor.NS).map(Consensus::relays).orElse(List.of());
    }

    private @Nullable Descriptor descriptor(byte @Nullable [] digest) {
        return digest == null ? null : directory.documents().descriptor(digest);
    }

    private byte[] text(OwnDocuments ours) {
        return isExtra ? ours.extraInfo() : ours.descriptor();
    }

    private boolean isRecent(Instant published) {
        return !published.isBefore(clock.instant().minus(AGE_MAX));
    }
}
