package sallyport.engine.dirserver;

import io.netty.buffer.ByteBuf;
import java.util.List;

/// Bytes as they are, one array after the other; they are shared and not changed.
public final class BytesBody implements DirBody {
    private final List<byte[]> parts;
    private int part;
    private int offset;

    public BytesBody(List<byte[]> parts) {
        this.parts = parts;
    }

    @Override
    public boolean writeTo(ByteBuf out) {
        int room = PIECE_BYTES;
        while (room > 0 && part < parts.size()) {
            byte[] from = parts.get(part);
            int n = Math.min(room, from.length - offset);
            out.writeBytes(from, offset, n);
            room -= n;
            offset += n;
            if (offset == from.length) {
                part++;
                offset = 0;
            }
        }
        return part < parts.size();
    }

    @Override
    public int heldBytes() {
        return 0;
    }

    @Override
    public void close() {
        // Nothing is this client's alone.
    }
}
