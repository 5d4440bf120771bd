package sallyport.engine.dirserver;

import io.netty.buffer.ByteBuf;

/// The rest of an answer, made piece by piece as the client takes it. Belongs to one stream and runs on its loop.
public interface DirBody {
    /// Ours: a piece is some 16 KiB, as C tor keeps its buffers: 33 cells, and some 0.3 ms to compress.
    int PIECE_BYTES = 16 * 1024;

    /// Appends about [#PIECE_BYTES], fewer at the end.
    ///
    /// @return whether more will come
    boolean writeTo(ByteBuf out);

    /// Bytes that it holds for this client alone.
    int heldBytes();

    /// Frees what it holds; called once, whether or not all was written.
    void close();
}
