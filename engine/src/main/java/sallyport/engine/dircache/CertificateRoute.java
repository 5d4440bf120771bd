package sallyport.engine.dircache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.dirserver.DirRoute;
import sallyport.engine.netdoc.AuthorityCertificate;

/// `/tor/keys/...`: key certificates of authorities (dir-spec "Key certificates").
public final class CertificateRoute implements DirRoute {
    public static final String PATH = "/tor/keys/";
    private static final int CACHE_SECONDS = 60 * 60;
    private static final int SHA1 = Resources.SHA1_BYTES;

    private final Supplier<List<AuthorityCertificate>> known;
    private final Supplier<List<AuthorityCertificate>> own;

    /// @param known those of all authorities
    /// @param own ours; a relay has none
    public CertificateRoute(Supplier<List<AuthorityCertificate>> known, Supplier<List<AuthorityCertificate>> own) {
        this.known = known;
        this.own = own;
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
        List<byte[]> texts = found.stream().map(AuthorityCertificate::encoded).toList();
        reply.accept(
                texts.isEmpty()
                        ? DirAnswer.NOT_MODIFIED
                        : Documents.measured(texts, request.accepted(), CACHE_SECONDS));
    }

    /// Null where the path is none of those that exist.
    private @Nullable List<AuthorityCertificate> find(String what) {
        List<AuthorityCertificate> all = known.get();
        if (what.equals("all")) {
            return new ArrayList<>(all);
        }
        if (what.equals("authority")) {
            return new ArrayList<>(own.get());
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
