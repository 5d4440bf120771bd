package sallyport.engine.exit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import sallyport.engine.limits.MemoryAccount;
import sallyport.engine.limits.MemoryKind;
import sallyport.engine.limits.QueueAge;

/// What one connection has to send. It is gathered, and handed to the channel once a turn, unless that still has the
/// last turn's: what waits here goes on filling its last buffer, so a slow server's bytes take no more memory than they
/// must. On its loop.
final class ExitOutput {
    // Ours: most turns bring one cell or two for a stream; one that brings more is likely to bring many.
    static final int FIRST_BYTES = 1024;
    private static final int NEXT_BYTES = 16 * 1024;

    private final MemoryAccount memory;
    private final QueueAge age;
    private final Listener listener;
    private final ArrayDeque<ByteBuf> gathered = new ArrayDeque<>(2);
    /// The channel owns them.
    private final ArrayDeque<ByteBuf> handed = new ArrayDeque<>(2);
    private int queuedBytes;
    private long sentBytes;

    /// Told of each buffer that the system took, or did not.
    interface Listener {
        void written(int bytes, @Nullable Throwable failure);

        /// The one before threw it.
        void bug(RuntimeException bug);
    }

    ExitOutput(MemoryAccount memory, QueueAge age, Listener listener) {
        this.memory = memory;
        this.age = age;
        this.listener = listener;
    }

    void add(byte[] src, int offset, int length) {
        queuedBytes += length;
        age.added(length);
        int at = offset;
        int left = length;
        while (left > 0) {
            ByteBuf last = gathered.peekLast();
            if (last == null || !last.isWritable()) {
                int capacity = last == null ? FIRST_BYTES : NEXT_BYTES;
                last = ByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
                gathered.addLast(last);
                // As a whole, however little is in it.
                memory.add(MemoryKind.STREAMS, capacity);
            }
            int part = Math.min(left, last.writableBytes());
            last.writeBytes(src, at, part);
            at += part;
            left -= part;
        }
    }

    /// Bytes that the system has not taken yet.
    int queuedBytes() {
        return queuedBytes;
    }

    /// How long those have waited.
    QueueAge age() {
        return age;
    }

    boolean isGathered() {
        return !gathered.isEmpty();
    }

    /// Whether the channel has nothing of ours, and we have something for it.
    boolean mayHand() {
        return handed.isEmpty() && !gathered.isEmpty();
    }

    /// Bytes the system has taken so far, those of a buffer that it takes piece by piece included.
    long takenBytes() {
        ByteBuf first = handed.peekFirst();
        return sentBytes + (first == null ? 0 : first.readerIndex());
    }

    /// Hands over everything, or a share where the limit does not allow all of it.
    void hand(Channel to, ExitThrottle limit) {
        int left = limit.isLimited() ? limit.shareBytes() : Integer.MAX_VALUE;
        for (ByteBuf buffer = gathered.pollFirst(); buffer != null; buffer = left > 0 ? gathered.pollFirst() : null) {
            handed.addLast(buffer);
            int bytes = buffer.readableBytes();
            int capacity = buffer.capacity();
            left -= bytes;
            limit.took(bytes);
            to.write(buffer).addListener(future -> {
                memory.add(MemoryKind.STREAMS, -capacity);
                try {
                    written(bytes, future.cause());
                } catch (RuntimeException bug) {
                    listener.bug(bug);
                }
            });
        }
        to.flush();
    }

    private void written(int bytes, @Nullable Throwable failure) {
        handed.pollFirst();
        queuedBytes -= bytes;
        sentBytes += bytes;
        age.removed(bytes);
        listener.written(bytes, failure);
    }

    /// Lets go of what is gathered; what was handed over is the channel's.
    void drop() {
        for (ByteBuf buffer = gathered.pollFirst(); buffer != null; buffer = gathered.pollFirst()) {
            memory.add(MemoryKind.STREAMS, -buffer.capacity());
            buffer.release();
        }
        handed.clear();
    }
}
