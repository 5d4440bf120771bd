package sallyport.engine.dircache;

import io.netty.buffer.ByteBuf;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import sallyport.engine.dirserver.DirBody;

/// A document that lies ready in zlib's format, for a client that takes it plain: decompressed while it is sent.
final class InflatedBody implements DirBody {
    // zlib's window and state, outside the heap.
    private static final int INFLATER_BYTES = 48 * 1024;
    private static final int CHUNK_BYTES = 4 * 1024;

    private final Inflater inflater = new Inflater();

    /// @param zlib shared; our own work, so no limit is needed
    InflatedBody(byte[] zlib) {
        inflater.setInput(zlib);
    }

    @Override
    public boolean writeTo(ByteBuf out) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int room = PIECE_BYTES; room > 0 && !inflater.finished(); ) {
                int n = inflater.inflate(chunk, 0, Math.min(room, chunk.length));
                if (n == 0 && !inflater.finished()) {
                    throw new IllegalStateException("a stored document that ends early");
                }
                out.writeBytes(chunk, 0, n);
                room -= n;
            }
        } catch (DataFormatException e) {
            throw new IllegalStateException("a stored document that is damaged", e);
        }
        return !inflater.finished();
    }

    @Override
    public int heldBytes() {
        return INFLATER_BYTES;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
