package sallyport.engine.dircache;

import java.util.List;
import java.util.Set;
import sallyport.engine.compress.Compression;

/// Which encoding a client gets.
final class Encodings {
    /// In which a consensus or a diff lies ready, the smallest first.
    static final List<Compression> STORED = List.of(Compression.LZMA, Compression.ZSTD, Compression.DEFLATE);

    // For what is compressed while it is sent. C tor puts zstd first; ours takes 5 MiB a stream where zlib takes 0.3,
    // and
    // whoever offers the one offers the other.
    private static final List<Compression> STREAMED = List.of(Compression.DEFLATE, Compression.GZIP, Compression.ZSTD);

    private Encodings() {}

    /// For a document that is compressed for this client.
    static Compression streamed(Set<Compression> accepted) {
        return first(STREAMED, accepted);
    }

    /// For one that lies ready.
    static Compression stored(Set<Compression> accepted) {
        return first(STORED, accepted);
    }

    private static Compression first(List<Compression> preferred, Set<Compression> accepted) {
        for (Compression one : preferred) {
            if (accepted.contains(one)) {
                return one;
            }
        }
        return Compression.IDENTITY;
    }
}
