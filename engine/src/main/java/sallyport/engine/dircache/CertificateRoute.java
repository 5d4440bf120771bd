package sallyport.engine.dircache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.compress.Compression;
import sallyport.engine.directory.DirectoryDocuments;
import sallyport.engine.dirserver.BytesBody;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.dirserver.DirRoute;
import sallyport.engine.netdoc.AuthorityCertificate;

/// `/tor/keys/...`: key certificates of authorities (dir-spec "Key certificates").
final class CertificateRoute implements DirRoute {
    static final String PATH = "/tor/keys/";
    private static final int CACHE_SECONDS = 60 * 60;
    private static final int SHA1 = Resources.SHA1_BYTES;

    private final Supplier<DirectoryDocuments> documents;

    CertificateRoute(Supplier<DirectoryDocuments> documents) {
        this.documents = documents;
    }

    @Override
    public void handle(DirRequest request, Consumer<DirAnswer> reply) {
        List<AuthorityCertificate> found = find(request.path().substring(PATH.length()));
        if (found == null) {
            reply.accept(DirAnswer.BAD_REQUEST);
            return;
        }
        if (found.isEmpty()) {
            reply.accept(DirAnswer.NOT_FOUND);
            return;
        }
        Instant since = request.ifModifiedSince();
        if (since != null) {
            found.removeIf(one -> one.published().isBefore(since));
        }
        reply.accept(found.isEmpty() ? DirAnswer.NOT_MODIFIED : answer(found, Encodings.streamed(request.accepted())));
    }

    private static DirAnswer answer(List<AuthorityCertificate> found, Compression encoding) {
        List<byte[]> texts = found.stream().map(AuthorityCertificate::encoded).toList();
        long plainBytes = texts.stream().mapToLong(text -> text.length).sum();
        return new DirAnswer.Document(
                "text/plain",
                encoding,
                encoding == Compression.IDENTITY ? plainBytes : DirAnswer.LENGTH_UNKNOWN,
                CACHE_SECONDS,
                List.of(),
                CompressedBody.of(new BytesBody(texts), encoding));
    }

    /// Null where the path is none of those that exist.
    private @Nullable List<AuthorityCertificate> find(String what) {
        List<AuthorityCertificate> all = documents.get().certificates();
        if (what.equals("all")) {
            return new ArrayList<>(all);
        }
        if (what.equals("authority")) {
            // Ours; we are none.
            return new ArrayList<>();
        }
        List<AuthorityCertificate> found = new ArrayList<>();
        if (what.startsWith("fp/")) {
            for (byte[] identity : Resources.sha1s(what.substring("fp/".length()))) {
                all.stream()
                        .filter(one -> Arrays.equals(one.identity(), identity))
                        .max(Comparator.comparing(AuthorityCertificate::published))
                        .ifPresent(found::add);
            }
        } else if (what.startsWith("sk/")) {
            for (byte[] key : Resources.sha1s(what.substring("sk/".length()))) {
                all.stream()
                        .filter(one -> Arrays.equals(one.signingKeyDigest(), key))
                        .findFirst()
                        .ifPresent(found::add);
            }
        } else if (what.startsWith("fp-sk/")) {
            for (byte[] pair : Resources.sha1Pairs(what.substring("fp-sk/".length()))) {
                all.stream()
                        .filter(one -> Arrays.equals(one.identity(), 0, SHA1, pair, 0, SHA1)
                                && Arrays.equals(one.signingKeyDigest(), 0, SHA1, pair, SHA1, 2 * SHA1))
                        .findFirst()
                        .ifPresent(found::add);
            }
        } else {
            return null;
        }
        return found;
    }
}
