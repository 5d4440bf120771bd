package sallyport.engine.circuit;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import sallyport.engine.exit.FarEnd;

/// Says nothing and takes everything.
final class SilentServer implements FarEnd {
    @Override
    public void write(byte[] src, int offset, int length) {}

    @Override
    public int queuedBytes() {
        return 0;
    }

    @Override
    public @Nullable ByteBuf input() {
        return null;
    }

    @Override
    public void inputTaken() {}

    @Override
    public void read() {}

    @Override
    public void closeAfterFlush() {}

    @Override
    public void close() {}
}
