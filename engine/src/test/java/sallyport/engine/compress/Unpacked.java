package sallyport.engine.compress;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// What a client makes of a body: as [Decompression], and zstd too.
public final class Unpacked {
    private static final int PLENTY = 64 << 20;

    private Unpacked() {}

    public static byte[] of(Compression how, byte[] body) throws IOException {
        if (how != Compression.ZSTD) {
            return Decompression.decompress(how, body, PLENTY);
        }
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }
}
