package sallyport.engine.dircache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.dirserver.DirRoute;

/// `/tor/server/...` and `/tor/extra/...`: descriptors of relays, and extra-info documents.
public final class DescriptorRoute implements DirRoute {
    public static final String SERVER = "/tor/server/";
    public static final String EXTRA = "/tor/extra/";

    private static final int ALL_CACHE_SECONDS = 60 * 60;
    private static final int ONE_CACHE_SECONDS = 48 * 60 * 60;
    private static final DirAnswer NONE_NAMED = new DirAnswer.Status(404, "Servers unavailable");

    private final DescriptorSource source;

    /// For the one path or the other.
    public DescriptorRoute(DescriptorSource source) {
        this.source = source;
    }

    @Override
    public void handle(DirRequest request, Consumer<DirAnswer> reply) {
        reply.accept(answer(request));
    }

    private DirAnswer answer(DirRequest request) {
        String path = request.path();
        String what = path.substring((path.startsWith(SERVER) ? SERVER : EXTRA).length());
        int named;
        List<byte[]> texts;
        if (what.equals("all")) {
            texts = source.all();
            named = texts.size();
        } else if (what.equals("authority")) {
            byte[] ours = source.own();
            texts = ours == null ? List.of() : List.of(ours);
            named = texts.size();
        } else if (what.startsWith("d/")) {
            List<byte[]> digests = Resources.sha1s(what.substring("d/".length()));
            named = digests.size();
            texts = each(digests, source::byDigest);
        } else if (what.startsWith("fp/")) {
            List<byte[]> fingerprints = Resources.sha1s(what.substring("fp/".length()));
            named = fingerprints.size();
            texts = each(fingerprints, source::byFingerprint);
        } else {
            return DirAnswer.NOT_FOUND;
        }
        if (named == 0) {
            return NONE_NAMED;
        }
        if (texts.isEmpty()) {
            return DirAnswer.NOT_FOUND;
        }
        return Documents.answer(
                texts,
                request.accepted(),
                what.startsWith("all") ? ALL_CACHE_SECONDS : named == 1 ? ONE_CACHE_SECONDS : 0);
    }

    interface Lookup {
        byte @Nullable [] text(byte[] digest);
    }

    /// C tor sends them from the last digest to the first.
    static List<byte[]> each(List<byte[]> digests, Lookup lookup) {
        List<byte[]> texts = new ArrayList<>();
        for (byte[] digest : digests.reversed()) {
            byte[] text = lookup.text(digest);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }
}
