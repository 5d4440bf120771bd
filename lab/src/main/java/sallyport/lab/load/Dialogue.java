package sallyport.lab.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// One stream to a [LoadServer], with exchanges over it one after the other: so many bytes up, so many
/// down.
///
/// An exchange that is asked for while others wait is sent behind them at once.
final class Dialogue implements StreamOpener.Receiver {
    private final Listener listener;
    private final Deque<Exchange> sending = new ArrayDeque<>();
    private final Deque<Exchange> answering = new ArrayDeque<>();
    private StreamOpener.@Nullable Stream stream;
    private boolean ended;

    /// Who is told how it goes.
    interface Listener {
        /// The first byte of an answer, on this stream.
        void firstByte();

        /// One more exchange is complete, in the order asked for.
        ///
        /// @param tag what it was asked with
        void complete(Dialogue dialogue, long tag);

        /// It will not go on.
        void failed(String reason);
    }

    private static final class Exchange {
        final long tag;
        final int up;
        final int down;
        int sent;
        int received;
        boolean headed;

        Exchange(long tag, int up, int down) {
            this.tag = tag;
            this.up = up;
            this.down = down;
        }
    }

    /// Who makes it opens a stream with it as the receiver; exchanges may be asked for before that is open.
    Dialogue(Listener listener) {
        this.listener = listener;
    }

    /// One more exchange.
    ///
    /// @param up bytes to the server
    /// @param down bytes back, at least one
    void ask(long tag, int up, int down) {
        Exchange exchange = new Exchange(tag, up, down);
        sending.add(exchange);
        answering.add(exchange);
        send();
    }

    /// Ends it, whatever it is doing; the listener hears no more.
    void close() {
        ended = true;
        StreamOpener.@Nullable Stream open = stream;
        stream = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void opened(StreamOpener.Stream opened) {
        if (ended) {
            opened.close();
            return;
        }
        stream = opened;
        send();
    }

    @Override
    public void data(ByteBuf bytes) {
        while (bytes.isReadable() && !ended) {
            Exchange exchange = answering.peek();
            if (exchange == null) {
                fail("more bytes than asked for");
                return;
            }
            if (exchange.received == 0) {
                listener.firstByte();
            }
            int length = Math.min(bytes.readableBytes(), exchange.down - exchange.received);
            if (!Pattern.isAt(exchange.received, bytes, length)) {
                fail("not the bytes that were sent");
                return;
            }
            bytes.skipBytes(length);
            exchange.received += length;
            if (exchange.received == exchange.down) {
                answering.remove();
                listener.complete(this, exchange.tag);
            }
        }
    }

    @Override
    public void writable() {
        send();
    }

    @Override
    public void ended(String reason) {
        stream = null;
        if (!ended) {
            ended = true;
            listener.failed(reason);
        }
    }

    private void fail(String reason) {
        close();
        listener.failed(reason);
    }

    private void send() {
        StreamOpener.@Nullable Stream open = stream;
        while (open != null && open.isWritable()) {
            Exchange exchange = sending.peek();
            if (exchange == null) {
                return;
            }
            if (!exchange.headed) {
                exchange.headed = true;
                ByteBuf head = Unpooled.buffer(LoadServer.HEAD_BYTES);
                head.writeInt(LoadServer.MAGIC).writeInt(exchange.up).writeInt(exchange.down);
                open.write(head);
            } else if (exchange.sent < exchange.up) {
                ByteBuf piece = Pattern.piece(exchange.sent, exchange.up - exchange.sent);
                exchange.sent += piece.readableBytes();
                open.write(piece);
            }
            if (exchange.sent == exchange.up) {
                sending.remove();
            }
        }
    }
}
