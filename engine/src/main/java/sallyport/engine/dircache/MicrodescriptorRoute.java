package sallyport.engine.dircache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sallyport.engine.compress.Compression;
import sallyport.engine.directory.DirectoryDocuments;
import sallyport.engine.dirserver.BytesBody;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirRequest;
import sallyport.engine.dirserver.DirRoute;

/// `/tor/micro/d/B64-B64...`: microdescriptors by their digests.
final class MicrodescriptorRoute implements DirRoute {
    static final String PATH = "/tor/micro/d/";
    private static final int CACHE_SECONDS = 48 * 60 * 60;

    private final Supplier<DirectoryDocuments> documents;

    MicrodescriptorRoute(Supplier<DirectoryDocuments> documents) {
        this.documents = documents;
    }

    @Override
    public void handle(DirRequest request, Consumer<DirAnswer> reply) {
        DirectoryDocuments from = documents.get();
        List<byte[]> texts = new ArrayList<>();
        // C tor sends them from the last digest to the first.
        for (byte[] digest :
                Resources.sha256s(request.path().substring(PATH.length())).reversed()) {
            byte[] text = from.microdescriptor(digest);
            if (text != null) {
                texts.add(text);
            }
        }
        Compression encoding = Encodings.streamed(request.accepted());
        reply.accept(
                texts.isEmpty()
                        ? DirAnswer.NOT_FOUND
                        : new DirAnswer.Document(
                                "text/plain",
                                encoding,
                                DirAnswer.LENGTH_UNKNOWN,
                                CACHE_SECONDS,
                                List.of(),
                                CompressedBody.of(new BytesBody(texts), encoding)));
    }
}
