package sallyport.engine.dircache;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.dirserver.DirRoute;

/// `/tor/micro/d/B64-B64...`: microdescriptors by their digests.
public final class MicrodescriptorRoute implements DirRoute {
    public static final String PATH = "/tor/micro/d/";
    private static final int CACHE_SECONDS = 48 * 60 * 60;

    private final Source source;

    /// Where they are; from any thread, never waits.
    public interface Source {
        /// @param digest SHA-256 of the document, 32 bytes
        byte @Nullable [] byDigest(byte[] digest);
    }

    public MicrodescriptorRoute(Source source) {
        this.source = source;
    }

    @Override
    public void handle(DirRequest request, Consumer<DirAnswer> reply) {
        List<byte[]> texts =
                DescriptorRoute.each(Resources.sha256s(request.path().substring(PATH.length())), source::byDigest);
        reply.accept(
                texts.isEmpty() ? DirAnswer.NOT_FOUND : Documents.answer(texts, request.accepted(), CACHE_SECONDS));
    }
}
