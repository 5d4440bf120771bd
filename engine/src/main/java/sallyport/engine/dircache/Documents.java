package sallyport.engine.dircache;

import java.util.List;
import java.util.Set;
import sallyport.engine.compress.Compression;
import sallyport.engine.dirserver.BytesBody;
import sallyport.engine.dirserver.DirAnswer;
import sallyport.engine.dirserver.DirBody;

/// Answers of whole documents, one behind the other.
public final class Documents {
    private Documents() {}

    /// Compressed while they are sent, in the way that suits the client best; the arrays are shared and
    /// not changed.
    ///
    /// @param accepted what the client takes
    /// @param cacheSeconds how long others may keep it; 0 says that they must not
    public static DirAnswer answer(List<byte[]> texts, Set<Compression> accepted, long cacheSeconds) {
        return answer(texts, accepted, cacheSeconds, false);
    }

    /// The same, and tells the length where nothing is compressed.
    public static DirAnswer measured(List<byte[]> texts, Set<Compression> accepted, long cacheSeconds) {
        return answer(texts, accepted, cacheSeconds, true);
    }

    private static DirAnswer answer(
            List<byte[]> texts, Set<Compression> accepted, long cacheSeconds, boolean tellsLength) {
        Compression encoding = Encodings.streamed(accepted);
        DirBody body = CompressedBody.of(new BytesBody(texts), encoding);
        long plainBytes = texts.stream().mapToLong(text -> text.length).sum();
        return new DirAnswer.Document(
                "text/plain",
                encoding,
                tellsLength && encoding == Compression.IDENTITY ? plainBytes : DirAnswer.LENGTH_UNKNOWN,
                cacheSeconds,
                List.of(),
                body);
    }
}
