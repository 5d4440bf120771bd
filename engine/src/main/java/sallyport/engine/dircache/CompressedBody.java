package sallyport.engine.dircache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import sallyport.engine.compress.Compression;
import sallyport.engine.compress.Compressor;
import sallyport.engine.dirserver.DirBody;

/// Another body, compressed while it is sent: a piece at a time and at the lowest effort, as C tor does.
final class CompressedBody implements DirBody {
    private final DirBody plain;
    private final Compressor compressor;
    private boolean finished;

    CompressedBody(DirBody plain, Compression how) {
        this.plain = plain;
        this.compressor = new Compressor(how, Compressor.Effort.LOW);
    }

    /// The body itself where nothing is to be compressed.
    static DirBody of(DirBody plain, Compression how) {
        return how == Compression.IDENTITY ? plain : new CompressedBody(plain, how);
    }

    /// One piece of the plain body may yield nothing yet; the caller then comes back at once.
    @Override
    public boolean writeTo(ByteBuf out) {
        if (finished) {
            return false;
        }
        ByteBuf piece = Unpooled.buffer(PIECE_BYTES);
        boolean more = plain.writeTo(piece);
        compressor.write(piece.array(), piece.arrayOffset() + piece.readerIndex(), piece.readableBytes());
        piece.release();
        if (!more) {
            compressor.finish();
            finished = true;
        }
        out.writeBytes(compressor.take());
        return more;
    }

    @Override
    public int heldBytes() {
        return compressor.heldBytes() + plain.heldBytes();
    }

    @Override
    public void close() {
        compressor.close();
        plain.close();
    }
}
