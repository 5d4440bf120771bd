package sallyport.engine.limits;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/// Sizes the buffers that a socket is read into: as another allocator does, but no larger than a share where the
/// reading is limited.
public final class ThrottledReads implements RecvByteBufAllocator {
    private final RecvByteBufAllocator otherwise;
    private final Throttled reading;

    public ThrottledReads(RecvByteBufAllocator otherwise, Throttled reading) {
        this.otherwise = otherwise;
        this.reading = reading;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty calls it, and deprecates it only to rename its result one day
    public Handle newHandle() {
        return new ShareHandle((ExtendedHandle) otherwise.newHandle());
    }

    private final class ShareHandle extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle otherwise;

        ShareHandle(ExtendedHandle otherwise) {
            super(otherwise);
            this.otherwise = otherwise;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return reading.isLimited() ? allocator.ioBuffer(guess()) : otherwise.allocate(allocator);
        }

        @Override
        public int guess() {
            int bytes = otherwise.guess();
            return reading.isLimited() ? Math.min(bytes, reading.shareBytes()) : bytes;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return otherwise.continueReading(maybeMore);
        }
    }
}
