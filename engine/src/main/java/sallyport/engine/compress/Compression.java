package sallyport.engine.compress;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A way to encode a document for HTTP, under its name in Accept-Encoding and Content-Encoding (dir-spec
/// "Compression").
public enum Compression {
    IDENTITY("identity"),
    /// zlib's format (RFC 1950), as HTTP means it.
    DEFLATE("deflate"),
    GZIP("gzip"),
    ZSTD("x-zstd"),
    /// The format of `.lzma` files, not of `.xz` ones.
    LZMA("x-tor-lzma");

    private final String word;

    Compression(String word) {
        this.word = word;
    }

    /// Its name in the headers.
    public String word() {
        return word;
    }

    /// Null where the name is none of ours.
    public static @Nullable Compression of(String word) {
        for (Compression one : values()) {
            if (one.word.equals(word)) {
                return one;
            }
        }
        return null;
    }

    /// What a value of Accept-Encoding names: words between commas, unknown ones passed over. Identity is always
    /// among them, as C tor takes it.
    public static Set<Compression> accepted(String header) {
        Set<Compression> accepted = EnumSet.of(IDENTITY);
        for (String word : header.split(",", -1)) {
            Compression one = of(word.strip());
            if (one != null) {
                accepted.add(one);
            }
        }
        return accepted;
    }
}
