package sallyport.engine.dircache;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.bytes.Malformed;
import sallyport.engine.compress.Compression;
import sallyport.engine.dirserver.BytesBody;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirBody;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.dirserver.DirRoute;
import sallyport.engine.world.World;

/// The consensus, whole or as a diff from one that the client has.
final class ConsensusRoute implements DirRoute {
    // As C tor (REASONABLY_LIVE_TIME).
    private static final Duration TOLERANCE = Duration.ofHours(24);
    private static final DirAnswer NO_DIFF = new DirAnswer.Status(404, "No such diff available");
    private static final DirAnswer TOO_NEW = new DirAnswer.Status(404, "Consensus is too new");
    private static final DirAnswer TOO_OLD = new DirAnswer.Status(404, "Consensus is too old");
    private static final List<String> HEADERS = List.of("Vary: X-Or-Diff-From-Consensus");

    private final World world;
    private final ConsensusShelves shelves;
    private final Artefacts artefacts;

    ConsensusRoute(World world, ConsensusShelves shelves, Artefacts artefacts) {
        this.world = world;
        this.shelves = shelves;
        this.artefacts = artefacts;
    }

    @Override
    public void handle(DirRequest request, Consumer<DirAnswer> reply) {
        ConsensusRequest asked;
        try {
            asked = ConsensusRequest.of(request);
        } catch (Malformed e) {
            reply.accept(DirAnswer.UNREADABLE);
            return;
        }
        Instant now = world.clock().instant();
        Shelf shelf = shelves.shelf(asked.flavor());
        String diffFrom = shelf == null
                ? null
                : asked.diffsFrom().stream()
                        .filter(shelf.diffsFrom()::contains)
                        .findFirst()
                        .orElse(null);
        DirAnswer refusal = refusal(asked, shelf, diffFrom, request.ifModifiedSince(), now);
        if (shelf == null || refusal != null) {
            reply.accept(refusal == null ? DirAnswer.NOT_FOUND : refusal);
            return;
        }
        Compression chosen = Encodings.stored(request.accepted());
        // What is to be sent plain, or in a way that is not stored, is made of zlib's.
        Compression stored = chosen == Compression.IDENTITY ? Compression.DEFLATE : chosen;
        String name = diffFrom == null
                ? shelf.name().as(stored)
                : ShelfName.diff(shelf.flavor(), diffFrom, shelf.digest(), stored);
        Compression sent = chosen == Compression.IDENTITY ? Encodings.streamed(request.accepted()) : chosen;
        long cacheSeconds =
                Math.max(0, Duration.between(now, shelf.freshUntil()).toSeconds());
        artefacts.open(
                name,
                content -> reply.accept(
                        content == null
                                ? DirAnswer.NOT_FOUND
                                : new DirAnswer.Document(
                                        "text/plain",
                                        sent,
                                        DirAnswer.LENGTH_UNKNOWN,
                                        cacheSeconds,
                                        HEADERS,
                                        body(content, stored, sent))));
    }

    private static DirBody body(byte[] content, Compression stored, Compression sent) {
        return stored == sent ? new BytesBody(List.of(content)) : CompressedBody.of(new InflatedBody(content), sent);
    }

    /// In C tor's order.
    private static @Nullable DirAnswer refusal(
            ConsensusRequest asked,
            @Nullable Shelf shelf,
            @Nullable String diffFrom,
            @Nullable Instant ifModifiedSince,
            Instant now) {
        if (shelf != null && asked.diffsFrom().contains(shelf.digest())) {
            return DirAnswer.NOT_MODIFIED;
        }
        if (asked.isDiffOnly() && diffFrom == null) {
            return NO_DIFF;
        }
        if (shelf == null) {
            return DirAnswer.NOT_FOUND;
        }
        if (now.isBefore(shelf.validAfter().minus(TOLERANCE))) {
            return TOO_NEW;
        }
        if (now.isAfter(shelf.validUntil().plus(TOLERANCE))) {
            return TOO_OLD;
        }
        if (!asked.likes(shelf.signers())) {
            return DirAnswer.TOO_FEW_SIGNERS;
        }
        return ifModifiedSince != null && shelf.validAfter().isBefore(ifModifiedSince) ? DirAnswer.NOT_MODIFIED : null;
    }
}
